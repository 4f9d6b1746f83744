import AudioFeatures
import Foundation
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
        let rows = plan.timeCrop.map { Stretch($0, over: patchFrames) }
        // Frames that the crop leaves out need not be computed.
        let window = rows?.reach ?? 0..<patchFrames
        let order = readChannels(plan, window)
        let columns = plan.frequencyCrop.map { Stretch($0, over: maps.bins) }
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
                    if plan.droppedChannels.contains(channel) {
                        output.update(repeating: 0, count: size)
                        continue
                    }
                    let normalisation = AffineMap(
                        maps.normalisation, channel: channel, microphones: microphones,
                        gain: plan.gain)
                    let input = raw + (order?.source[channel] ?? channel) * rawSize
                    if order?.isReversed[channel] ?? false {
                        reverseRows(input, rows: window.count, bins: maps.bins)
                    }
                    if let rows {
                        // Interpolation and normalisation commute: the weights sum to one.
                        let cropsBins = channel < microphones || plan.cropsLags
                        crop(
                            input - window.lowerBound * maps.bins, into: output,
                            frames: patchFrames, bins: maps.bins, rows: rows,
                            columns: cropsBins ? columns : nil, row: row, normalisation)
                    } else {
                        normalise(input, into: output, count: size, normalisation)
                    }
                }
            }
        }
    }

    /// Fills `raw` with a window of the patch's maps; returns how its channels are still to be
    /// reordered. Shape of raw: [channels, window, bins].
    private func readChannels(_ plan: ViewPlan, _ window: Range<Int>) -> ChannelOrder? {
        let firstFrame = plan.firstFrame + window.lowerBound
        if let interference = plan.interference {
            // Mixup acts on waveforms and comes after ChannelSwap, so the waveforms are reordered.
            mixWaveforms(plan, interference, window)
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
        return plan.microphones.map(ChannelOrder.init)
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

    /// The level holds over the window: what the view will show.
    private func mixWaveforms(
        _ plan: ViewPlan, _ interference: ViewPlan.Interference, _ window: Range<Int>
    ) {
        let count = maps.settings.samples(frames: window.count)
        let total = maps.bank.microphones * count
        readWaveforms(
            plan.recording, firstFrame: plan.firstFrame + window.lowerBound,
            frames: window.count, order: plan.microphones, into: &waveforms)
        readWaveforms(
            interference.recording, firstFrame: interference.firstFrame + window.lowerBound,
            frames: window.count, into: &background)
        waveforms.withUnsafeMutableBufferPointer { target in
            background.withUnsafeBufferPointer { source in
                guard let to = target.baseAddress, let from = source.baseAddress else { return }
                let loudness = power(from, count: total)
                guard loudness > 0 else { return }
                let wanted = power(to, count: total) * pow(10, -interference.level / 10)
                addScaled(
                    from, gain: Float((wanted / loudness).squareRoot()), to: to, count: total)
            }
        }
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
