import AudioFeatures
import Platform
import SoundData

/// Turns a ``ViewPlan`` into the feature map that the encoder sees.
///
/// One thread uses it at a time: it owns scratch memory and a feature extractor.
public final class ViewRenderer {
    private let maps: FeatureMaps
    private let extractor: FeatureExtractor
    private let patchFrames: Int
    private var raw: [Float]
    private var row: [Float]
    private var waveforms: [Float]
    private var background: [Float]

    /// - Parameter patchFrames: (pooled) frames of a view.
    public init(_ maps: FeatureMaps, patchFrames: Int) throws {
        self.maps = maps
        self.patchFrames = patchFrames
        extractor = try FeatureExtractor(maps.settings, microphones: maps.bank.microphones)
        let patchSamples = maps.settings.samples(frames: patchFrames)
        raw = Array(repeating: 0, count: maps.channels * patchFrames * maps.bins)
        row = Array(repeating: 0, count: maps.bins)
        waveforms = Array(repeating: 0, count: maps.bank.microphones * patchSamples)
        background = waveforms
    }

    /// Floats of one view: channels x frames x bins.
    public var size: Int { raw.count }

    /// Draws the view. Shape of target: [channels, frames, bins].
    public func render(_ plan: ViewPlan, into target: UnsafeMutableBufferPointer<Float>) {
        let part = plan.drawn.randomResizedCrop
        let rows = part.map { Stretch($0.time, over: patchFrames) }
        // Frames that the crop leaves out need not be computed.
        let window = rows?.reach ?? 0..<patchFrames
        let order = readChannels(plan, window)
        let columns = part.map { Stretch($0.frequency, over: maps.bins) }
        let size = patchFrames * maps.bins
        let rawSize = window.count * maps.bins
        let microphones = maps.bank.microphones
        raw.withUnsafeMutableBufferPointer { raw in
            row.withUnsafeMutableBufferPointer { row in
                guard let raw = raw.baseAddress, let row = row.baseAddress,
                    let target = target.baseAddress
                else { return }
                for channel in 0..<maps.channels {
                    let output = target + channel * size
                    let normalisation = AffineMap(
                        maps.normalisation, channel: channel, microphones: microphones,
                        gain: plan.gain)
                    let input = raw + (order?.source[channel] ?? channel) * rawSize
                    if order?.isReversed[channel] ?? false {
                        reverseRows(input, rows: window.count, bins: maps.bins)
                    }
                    if let rows {
                        // Interpolation and normalisation commute: the weights sum to one.
                        let cropsBins = channel < microphones || part?.lags ?? false
                        crop(
                            input - window.lowerBound * maps.bins, into: output,
                            frames: patchFrames, bins: maps.bins, rows: rows,
                            columns: cropsBins ? columns : nil, row: row, normalisation)
                    } else {
                        normalise(input, into: output, count: size, normalisation)
                    }
                }
                let view = ViewMap(
                    values: target, channels: maps.channels, microphones: microphones,
                    frames: patchFrames, bins: maps.bins)
                for augmentation in Augmentation.allCases {
                    plan.drawn.apply(augmentation, to: view)
                }
            }
        }
    }

    /// Fills `raw` with a window of the patch's maps; returns how its channels are still to be
    /// reordered. Shape of raw: [channels, window, bins].
    private func readChannels(_ plan: ViewPlan, _ window: Range<Int>) -> ChannelOrder? {
        let firstFrame = plan.firstFrame + window.lowerBound
        if let background = plan.drawn.mixup {
            // Mixup acts on waveforms and comes after ChannelSwap, so the waveforms are reordered.
            mixWaveforms(plan, background, window)
            extract(frames: window.count)
            return nil
        }
        if let map = maps.map(of: plan.recording) {
            copyPatch(
                of: map, recording: plan.recording,
                frames: firstFrame..<firstFrame + window.count)
        } else {
            readWaveforms(
                plan.recording, firstFrame: firstFrame, frames: window.count, into: &waveforms)
            extract(frames: window.count)
        }
        return plan.drawn.channelSwap?.channels
    }

    private func extract(frames: Int) {
        waveforms.withUnsafeBufferPointer { samples in
            raw.withUnsafeMutableBufferPointer { maps in
                extractor(
                    samples, sampleCount: self.maps.settings.samples(frames: frames), into: maps)
            }
        }
    }

    /// Shape of samples: [microphones, samples of so many frames], with room to spare.
    private func readWaveforms(
        _ recording: Int, firstFrame: Int, frames: Int, order: [Int]? = nil,
        into samples: inout [Float]
    ) {
        let start = firstFrame * maps.settings.pooling.frames * maps.settings.hopLength
        let count = maps.settings.samples(frames: frames)
        samples.withUnsafeMutableBufferPointer {
            maps.bank.read(recording, samples: start..<start + count, order: order, into: $0)
        }
    }

    private func mixWaveforms(
        _ plan: ViewPlan, _ mixup: Mixup.Draw, _ window: Range<Int>
    ) {
        readWaveforms(
            plan.recording, firstFrame: plan.firstFrame + window.lowerBound,
            frames: window.count, order: plan.drawn.channelSwap?.microphones, into: &waveforms)
        readWaveforms(
            mixup.recording, firstFrame: mixup.firstFrame + window.lowerBound,
            frames: window.count, into: &background)
        let count = maps.settings.samples(frames: window.count)
        mixup.add(background, to: &waveforms, count: maps.bank.microphones * count)
    }

    private func copyPatch(
        of map: UnsafeBufferPointer<Float>, recording: Int, frames: Range<Int>
    ) {
        let allFrames = maps.frames[recording]
        let size = frames.count * maps.bins
        raw.withUnsafeMutableBufferPointer { raw in
            guard let to = raw.baseAddress, let from = map.baseAddress else { return }
            for channel in 0..<maps.channels {
                let source = from + (channel * allFrames + frames.lowerBound) * maps.bins
                (to + channel * size).update(from: source, count: size)
            }
        }
    }
}
