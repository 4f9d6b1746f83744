import Digests
import Foundation

/// What a look at the whole of an audio file tells about it.
struct FileFacts: Sendable, Hashable {
    /// When the file was looked at.
    let stamp: FileStamp
    /// Of all bytes.
    let content: Digest
    /// Of the decoded samples, which copies in other formats share.
    let sound: Digest
    /// Units: Hz.
    let sampleRate: Int
    let channelCount: Int
    /// Frames that can be decoded, whatever the header says.
    let frameCount: Int
    /// The largest sample, and the largest of the channels' mean. Units: full scale is 1.
    let peak: Double
    let mixPeak: Double
    let isFinite: Bool
    /// By how much the channels' mean rises and falls. Units: full scale is 1.
    let mixRange: Double
    /// Whether no channel ever changes.
    let isConstant: Bool
    /// Of the channels' mean, which a copy with more channels shares.
    let mix: Digest
    /// Stretches of ``shortestSilence`` frames or more in which no channel changes.
    let silences: [Range<Int>]
    /// What is wrong with the file though it can be decoded.
    let defect: FileDefect?

    var seconds: Double { Double(frameCount) / Double(sampleRate) }

    static let shortestSilence = 256

    /// Peaks that can be brought to a level: beyond them nothing that was recorded is left.
    static let peaks = 1e-30...1e10

    /// Reads the whole file.
    ///
    /// Throws: the reason why it cannot be read.
    init(_ url: URL) throws(AudioFileFault) {
        let file = try RegularFile(url.path)
        // The header first: what is no sound need not be read.
        let audio = try AudioFile(url)
        let container = AudioContainer(file)
        let content = try file.digest()
        var meter = SoundMeter(sampleRate: audio.sampleRate, channelCount: audio.channelCount)
        var checksum = container.sampleChecksum
        while audio.readBlock() > 0 {
            meter.add(audio.block)
            checksum?.add(audio.block)
        }
        guard meter.frameCount > 0 else { throw audio.emptiness }
        let defect = container.defect(
            decoded: meter.frameCount, promised: audio.promisedFrames,
            checksum: checksum?.finalize())
        self.init(
            stamp: file.stamp, content: content, sampleRate: audio.sampleRate,
            channelCount: audio.channelCount, meter: meter, defect: defect)
    }

    private init(
        stamp: FileStamp, content: Digest, sampleRate: Int, channelCount: Int,
        meter: consuming SoundMeter, defect: FileDefect?
    ) {
        self.defect = defect
        self.stamp = stamp
        self.content = content
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        frameCount = meter.frameCount
        peak = meter.peak
        mixPeak = meter.mixPeak
        isFinite = meter.isFinite
        mixRange = meter.mixRange
        isConstant = meter.isConstant
        silences = meter.finishedSilences
        (sound, mix) = meter.finalize()
    }

    init(
        stamp: FileStamp, content: Digest, sound: Digest, sampleRate: Int, channelCount: Int,
        frameCount: Int, peak: Double, mixPeak: Double, isFinite: Bool, mixRange: Double,
        isConstant: Bool, mix: Digest, silences: [Range<Int>], defect: FileDefect?
    ) {
        self.mixRange = mixRange
        self.isConstant = isConstant
        self.mix = mix
        self.defect = defect
        self.stamp = stamp
        self.content = content
        self.sound = sound
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.frameCount = frameCount
        self.peak = peak
        self.mixPeak = mixPeak
        self.isFinite = isFinite
        self.silences = silences
    }

    /// The power of two that brings very small or very large samples to about 1; 1 for others.
    func scale(mixed: Bool) -> Double {
        let peak = mixed ? mixPeak : peak
        guard peak > 0, peak.isFinite, !(0x1p-30...0x1p30).contains(peak) else { return 1 }
        return Double(sign: .plus, exponent: -Int(peak.exponent), significand: 1)
    }

    /// Why no sound can be made of the file's channels, or of their mean; nil where one can.
    func fault(mixed: Bool) -> AudioFileFault? {
        guard defect != .checksum else {
            return AudioFileFault(
                .damaged, "its samples are not those that its checksum (MD5) was made of")
        }
        guard isFinite else {
            return AudioFileFault(.notFinite, "it holds samples that are not finite")
        }
        guard peak > 0 else { return AudioFileFault(.silent, "every sample is zero") }
        guard !mixed || mixPeak > 1e-6 * peak else {
            return AudioFileFault(.silent, "its channels cancel one another when they are mixed")
        }
        guard frameCount > 1 else { return AudioFileFault(.constant, "it has a single sample") }
        guard mixed ? mixRange > (channelCount > 1 ? 1e-6 * peak : 0) : !isConstant else {
            return AudioFileFault(.constant, "its samples are all the same: no sound")
        }
        guard Self.peaks.contains(peak) else {
            let times = String(format: "%.0e", peak)
            return AudioFileFault(
                .level, "its loudest sample is \(times) times full scale: no recorded sound")
        }
        return nil
    }
}

/// Adds up what ``FileFacts`` says of samples.
private struct SoundMeter: ~Copyable {
    private let channelCount: Int
    private(set) var frameCount = 0
    private(set) var peak = 0.0
    private(set) var mixPeak = 0.0
    private(set) var isFinite = true
    private var silences: [Range<Int>] = []
    private var lowestMix = Double.infinity
    private var highestMix = -Double.infinity
    /// Where the samples last changed, and what they are since.
    private var stillSince = 0
    private var lastFrame: [Double] = []
    private var mix: [Float] = []
    private var hasher = DigestHasher()
    private var mixHasher = DigestHasher()

    init(sampleRate: Int, channelCount: Int) {
        self.channelCount = channelCount
        hasher.update("\(sampleRate) \(channelCount)\n")
        mixHasher.update("\(sampleRate)\n")
    }

    /// `block`: interleaved, whole frames.
    mutating func add(_ block: [Double]) {
        block.withUnsafeBytes { hasher.update($0) }
        let channels = channelCount
        let frames = block.count / channels
        let weight = 1 / Double(channels)
        if lastFrame.isEmpty { lastFrame = Array(block.prefix(channels)) }
        // Local, so that they stay in registers.
        var (peak, mixPeak) = (peak, mixPeak)
        var (lowest, highest) = (lowestMix, highestMix)
        var sumOfNothing = 0.0
        mix = [Float](unsafeUninitializedCapacity: frames) { mix, filled in
            for frame in 0..<frames {
                var sum = 0.0
                var largest = 0.0
                var isStill = true
                for channel in 0..<channels {
                    let sample = block[frame * channels + channel]
                    let last =
                        frame == 0 ? lastFrame[channel] : block[(frame - 1) * channels + channel]
                    sum += sample
                    largest = max(largest, abs(sample))
                    // Zero but for infinities and what is not a number.
                    sumOfNothing += sample - sample
                    isStill = isStill && sample == last
                }
                let mean = sum * weight
                peak = max(peak, largest)
                mixPeak = max(mixPeak, abs(mean))
                lowest = min(lowest, mean)
                highest = max(highest, mean)
                // Zero has one sign.
                mix[frame] = Float(mean) + 0
                if !isStill {
                    noteSilence(stillSince..<(frameCount + frame))
                    stillSince = frameCount + frame
                }
            }
            filled = frames
        }
        (self.peak, self.mixPeak) = (peak, mixPeak)
        (lowestMix, highestMix) = (lowest, highest)
        if sumOfNothing != 0 { isFinite = false }
        lastFrame = Array(block.suffix(channels))
        frameCount += frames
        mix.withUnsafeBytes { mixHasher.update($0) }
    }

    var mixRange: Double { highestMix > lowestMix ? highestMix - lowestMix : 0 }

    var isConstant: Bool { stillSince == 0 }

    var finishedSilences: [Range<Int>] {
        guard frameCount - stillSince >= FileFacts.shortestSilence else { return silences }
        return silences + [stillSince..<frameCount]
    }

    private mutating func noteSilence(_ range: Range<Int>) {
        if range.count >= FileFacts.shortestSilence { silences.append(range) }
    }

    consuming func finalize() -> (sound: Digest, mix: Digest) {
        (hasher.finalize(), mixHasher.finalize())
    }
}
