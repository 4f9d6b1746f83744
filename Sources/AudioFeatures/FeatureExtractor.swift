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
    let realTransform: RealTransform
    /// Frames that go through the kernels together.
    let blockFrames: Int
    let power: AlignedBuffer
    let real: AlignedBuffer
    let imaginary: AlignedBuffer
    let bandRows: AlignedBuffer
    let crossSpectra: AlignedBuffer
    let factors: AlignedBuffer
    let halves: AlignedBuffer
    let correlation: AlignedBuffer

    /// Throws: ``AudioFeaturesError`` for settings that are at fault.
    public init(_ settings: FeatureSettings, microphones: Int) throws {
        try settings.validate()
        guard (1...64).contains(microphones) else {
            throw AudioFeaturesError.microphones(microphones)
        }
        self.settings = settings
        self.microphones = microphones
        plan = FeaturePlan(settings, microphones: microphones)
        realTransform = RealTransform(length: settings.fftLength)
        blockFrames = max(1, ProductKernels.bandRows / microphones)
        let tile = ProductKernels.bandRows
        let rows = (blockFrames * microphones + tile - 1) / tile * tile
        power = AlignedBuffer(rows * plan.spectrum.stride)
        real = AlignedBuffer(rows * plan.spectrum.stride)
        imaginary = AlignedBuffer(rows * plan.spectrum.stride)
        bandRows = AlignedBuffer(rows * plan.bandStride)
        let crossTile = ProductKernels.crossTileStride
        crossSpectra = AlignedBuffer(plan.spectrum.stride / 16 * crossTile)
        factors = AlignedBuffer(plan.projection.groups * crossTile)
        halves = AlignedBuffer(plan.expansion.groups * crossTile)
        // A vector of margin before the first lag, and after the last.
        correlation = AlignedBuffer(16 + 32 * plan.expansion.groups + 16)
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
