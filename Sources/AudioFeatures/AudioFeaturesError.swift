/// What can be wrong with the settings of the features, or with a file of them.
public enum AudioFeaturesError: Error, Hashable {
    /// The sample rate is not in 1 ... 768,000 Hz.
    case sampleRate(Int)
    /// The length of the transform is odd, not a multiple of 32, or not in 64 ... 65,536.
    case fftLength(Int)
    /// The hop is not in 1 ... fftLength.
    case hopLength(Int, fftLength: Int)
    /// The number of mel bands is not in 1 ... 1024.
    case melBands(Int)
    /// The range of the mel bands is empty or leaves 0 ... half the sample rate.
    case melRange(lower: Double, upper: Double, sampleRate: Int)
    /// A mel band holds no frequency of the transform.
    case emptyMelBand(Int, melBands: Int, fftLength: Int)
    /// The number of lags is not in 1 ... 1024.
    case lags(Int)
    /// The spacing of the lags is not positive and finite.
    case lagSpacing(Double)
    /// The largest lag is longer than half the transform.
    case lagRange(largest: Double, fftLength: Int)
    /// Mel and GCC maps would have different widths.
    case unequalBins(melBands: Int, lags: Int)
    /// A pooling size is smaller than one, pools over 4096 frames or does not divide the bins.
    case pooling(frames: Int, bins: Int, ofBins: Int)
    /// The number of microphones is not in 1 ... 64.
    case microphones(Int)
    /// Too few microphones, lags or azimuths, or maps of another array.
    case steering(what: String, count: Int, wanted: Int)
    /// The lags do not reach as far as the sound takes across the array.
    case lagReach(largest: Double, needed: Double)
    /// The file cannot be read or written.
    case file(path: String, reason: String)
    /// The file does not start as a .npy file does.
    case notNumPy(path: String)
    /// The file is a .npy file, but not of 32-bit floats, little endian, in C order.
    case numPyLayout(path: String, found: String)
    /// The file is shorter or longer than its header says.
    case numPySize(path: String, bytes: Int, wanted: Int)
    /// The values to be written do not fill the shape.
    case numPyShape(values: Int, shape: [Int])
}

extension AudioFeaturesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sampleRate(let rate):
            "the sample rate is \(rate) Hz, but must be from 1 to 768000: 16000 is the default"
        case .fftLength(let length):
            """
            the transform's length is \(length), but must be a multiple of 32 from 64 to 65536: \
            try \(Self.nearestFFTLength(length))
            """
        case .hopLength(let hop, let length):
            """
            the hop is \(hop) samples, but must be from 1 to the transform's length, \(length): \
            try \(length / 2)
            """
        case .melBands(let bands):
            "the number of mel bands is \(bands), but must be from 1 to 1024: 64 is the default"
        case .melRange(let lower, let upper, let sampleRate):
            """
            the mel bands range from \(lower) to \(upper) Hz, but the range must rise and lie \
            within 0 to \(Double(sampleRate) / 2) Hz, half the sample rate: lower its upper end
            """
        case .emptyMelBand(let band, let bands, let length):
            """
            mel band \(band) of \(bands) holds no frequency of a transform of \(length) samples: \
            use fewer bands or a longer transform
            """
        case .lags(let lags):
            "the number of lags is \(lags), but must be from 1 to 1024: 64 is the default"
        case .lagSpacing(let spacing):
            """
            the spacing of the lags is \(spacing) samples, but must be positive: \
            0.25 is the default
            """
        case .lagRange(let largest, let length):
            """
            the largest lag is \(largest) samples, but half the transform of \(length) samples \
            is the most: use fewer lags, a smaller spacing or a longer transform
            """
        case .unequalBins(let bands, let lags):
            """
            there are \(bands) mel bands and \(lags) lags, but the maps must be equally wide: \
            make the two numbers equal
            """
        case .pooling(let frames, let bins, let ofBins):
            """
            the pooling is \(frames) frames by \(bins) bins, but both must be at least 1, the first \
            at most 4096, and the second must divide \(ofBins), the number of bins: 1 by 1 keeps \
            the maps as they are
            """
        case .microphones(let count):
            "there are \(count) microphones, but must be from 1 to 64: give the array's channels"
        case .steering(let what, let count, let wanted):
            "there are \(count) \(what), but \(wanted) are needed: give an array and its own maps"
        case .lagReach(let largest, let needed):
            """
            the lags reach \(largest) samples, but the array is \(Self.rounded(needed)) samples \
            wide: use the spacing that FeatureSettings.lagSpacing(aperture:) proposes
            """
        case .file(let path, let reason):
            "\(path): \(reason): check the path and the rights on its folder"
        case .notNumPy(let path):
            "\(path): is no .npy file: give a file written by numpy.save or `ablate features`"
        case .numPyLayout(let path, let found):
            """
            \(path): holds \(found), but must hold 32-bit floats, little endian, in C order: \
            save it with numpy.ascontiguousarray(x, '<f4')
            """
        case .numPySize(let path, let bytes, let wanted):
            "\(path): is \(bytes) bytes long, but its header asks for \(wanted): write it anew"
        case .numPyShape(let values, let shape):
            """
            \(values) values do not fill the shape \(shape): it needs \(shape.reduce(1, *)) of \
            them
            """
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private static func nearestFFTLength(_ length: Int) -> Int {
        var power = 64
        while power < min(length, 65536) { power *= 2 }
        return power
    }
}
