/// Turns the samples of an array into log-mel and GCC-PHAT maps.
///
/// For one thread at a time. A call allocates nothing, and a frame's values depend, bit for bit, on
/// its own samples alone.
///
/// - Log-mel: 10 log10(max(p, 1e-10)) dB of the mel bands' power p.
/// - GCC-PHAT (Knapp and Carter 1976, doi:10.1109/TASSP.1976.1162830) of microphones i < j: the
///   inverse transform of X_i conj(X_j) / |X_i X_j| at each lag, evaluated there and not
///   interpolated, at most 1. At a positive lag the sound reaches j first. A fractional lag counts
///   half the sample rate with the cosine alone.
public final class FeatureExtractor {
    public let settings: FeatureSettings
    public let microphones: Int
    let plan: FeaturePlan
    let frameTransform: FrameTransform
    /// Transforms of sixteen lanes. Shape: [fftLength / 2, 2, 16].
    let packed: AlignedBuffer
    /// Shape: [frequencies, 16].
    let power: AlignedBuffer
    /// Whitened spectra of a block, see ``WhitenedRows``.
    let whitened: AlignedBuffer
    /// Cross-spectra on the grid of the lags. Shape: [points, 2, 16].
    let gridded: AlignedBuffer
    /// Mel bands or lags. Shape: [bins before pooling, 16].
    let lanes: AlignedBuffer
    /// The same after pooling, in rows. Shape: [16, turnedStride].
    let turned: AlignedBuffer
    let turnedStride: Int
    /// Where each lane's samples start.
    var laneSamples = [UnsafePointer<Float>?](repeating: nil, count: 16)

    /// Throws: ``AudioFeaturesError`` for settings that are at fault.
    public init(_ settings: FeatureSettings, microphones: Int) throws {
        try settings.validate()
        guard (1...64).contains(microphones) else {
            throw AudioFeaturesError.microphones(microphones)
        }
        self.settings = settings
        self.microphones = microphones
        plan = FeaturePlan(settings, microphones: microphones)
        frameTransform = FrameTransform(length: settings.fftLength)
        packed = AlignedBuffer(16 * settings.fftLength)
        power = AlignedBuffer(16 * settings.frequencies)
        // The last vector of microphones may hold some that are not there.
        let block = plan.largestBlock
        let rows = max(
            microphones * block, roundedToLanes(microphones * 8), roundedToLanes(microphones * 4))
        whitened = AlignedBuffer(rows * 2 * settings.frequencies)
        gridded = AlignedBuffer(plan.correlation.gridSize)
        turnedStride = roundedToLanes(settings.bins)
        lanes = AlignedBuffer(16 * roundedToLanes(settings.melBands))
        turned = AlignedBuffer(16 * turnedStride)
    }

    /// The maps of `sampleCount` samples of each microphone.
    ///
    /// Shape: samples `[microphones, sampleCount]`; maps `[channels, frames, bins]` with
    /// `frames = settings.frames(samples: sampleCount)`.
    public func callAsFunction(
        _ samples: UnsafeBufferPointer<Float>, sampleCount: Int,
        into maps: UnsafeMutableBufferPointer<Float>
    ) {
        let frames = settings.frames(samples: sampleCount)
        let channels = settings.channels(microphones: microphones)
        precondition(samples.count >= microphones * sampleCount, "too few samples")
        precondition(maps.count >= channels * frames * settings.bins, "too little room for maps")
        guard frames > 0, let input = samples.baseAddress, let output = maps.baseAddress else {
            return
        }
        extract(input, sampleCount: sampleCount, frames: frames, into: output)
    }

    /// The maps of `sampleCount` samples of each microphone.
    ///
    /// Shape: samples `[microphones, sampleCount]`; result `[channels, frames, bins]`.
    public func callAsFunction(_ samples: [Float], sampleCount: Int) -> [Float] {
        let channels = settings.channels(microphones: microphones)
        let count = channels * settings.frames(samples: sampleCount) * settings.bins
        return [Float](unsafeUninitializedCapacity: count) { maps, initialized in
            samples.withUnsafeBufferPointer { self($0, sampleCount: sampleCount, into: maps) }
            initialized = count
        }
    }
}
