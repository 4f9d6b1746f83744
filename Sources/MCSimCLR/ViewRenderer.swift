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
    private let patchSamples: Int
    private var raw: [Float]
    private var row: [Float]
    private var waveforms: [Float]
    private var background: [Float]

    /// - Parameter patchFrames: (pooled) frames of a view.
    public init(_ maps: FeatureMaps, patchFrames: Int) throws {
        self.maps = maps
        self.patchFrames = patchFrames
        extractor = try FeatureExtractor(maps.settings, microphones: maps.bank.microphones)
        patchSamples = maps.settings.samples(frames: patchFrames)
        raw = Array(repeating: 0, count: maps.channels * patchFrames * maps.bins)
        row = Array(repeating: 0, count: maps.bins)
        waveforms = Array(repeating: 0, count: maps.bank.microphones * patchSamples)
        background = waveforms
    }

    /// Floats of one view: channels x frames x bins.
    public var size: Int { raw.count }

    /// Draws the view. Shape of target: [channels, frames, bins].
    public func render(_ plan: ViewPlan, into target: UnsafeMutableBufferPointer<Float>) {
        let order = readChannels(plan)
        let rows = plan.timeCrop.map { Stretch($0, over: patchFrames) }
        let columns = plan.frequencyCrop.map { Stretch($0, over: maps.bins) }
        let size = patchFrames * maps.bins
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
                        mean: maps.normalisation.mean[channel],
                        scale: maps.normalisation.scale[channel])
                    let input = raw + (order?.source[channel] ?? channel) * size
                    if order?.isReversed[channel] ?? false {
                        reverseRows(input, rows: patchFrames, bins: maps.bins)
                    }
                    if let rows {
                        // Interpolation and normalisation commute: the weights sum to one.
                        let cropsBins = channel < microphones || plan.cropsLags
                        crop(
                            input, into: output, frames: patchFrames, bins: maps.bins, rows: rows,
                            columns: cropsBins ? columns : nil, row: row, normalisation)
                    } else {
                        normalise(input, into: output, count: size, normalisation)
                    }
                }
            }
        }
    }

    /// Fills `raw` with the patch's maps; returns how its channels are still to be reordered.
    private func readChannels(_ plan: ViewPlan) -> ChannelOrder? {
        if let interference = plan.interference {
            // Mixup acts on waveforms and comes after ChannelSwap, so the waveforms are reordered.
            mixWaveforms(plan, interference)
            extract()
            return nil
        }
        if let map = maps.map(of: plan.recording) {
            copyPatch(of: map, recording: plan.recording, firstFrame: plan.firstFrame)
        } else {
            readWaveforms(plan.recording, firstFrame: plan.firstFrame, into: &waveforms)
            extract()
        }
        return plan.microphones.map(ChannelOrder.init)
    }

    private func extract() {
        waveforms.withUnsafeBufferPointer { samples in
            raw.withUnsafeMutableBufferPointer { maps in
                extractor(samples, sampleCount: patchSamples, into: maps)
            }
        }
    }

    private func readWaveforms(_ recording: Int, firstFrame: Int, into samples: inout [Float]) {
        let start = firstFrame * maps.settings.pooling.frames * maps.settings.hopLength
        samples.withUnsafeMutableBufferPointer {
            maps.bank.read(recording, samples: start..<start + patchSamples, into: $0)
        }
    }

    private func mixWaveforms(_ plan: ViewPlan, _ interference: ViewPlan.Interference) {
        readWaveforms(plan.recording, firstFrame: plan.firstFrame, into: &background)
        let order = plan.microphones ?? Array(0..<maps.bank.microphones)
        waveforms.withUnsafeMutableBufferPointer { target in
            background.withUnsafeBufferPointer { source in
                guard let to = target.baseAddress, let from = source.baseAddress else { return }
                for (microphone, origin) in order.enumerated() {
                    (to + microphone * patchSamples)
                        .update(from: from + origin * patchSamples, count: patchSamples)
                }
            }
        }
        readWaveforms(
            interference.recording, firstFrame: interference.firstFrame, into: &background)
        waveforms.withUnsafeMutableBufferPointer { target in
            background.withUnsafeBufferPointer { source in
                guard let to = target.baseAddress, let from = source.baseAddress else { return }
                let loudness = power(from, count: source.count)
                guard loudness > 0 else { return }
                let wanted = power(to, count: target.count) * pow(10, -interference.level / 10)
                addScaled(
                    from, gain: Float((wanted / loudness).squareRoot()), to: to,
                    count: target.count)
            }
        }
    }

    private func copyPatch(of map: UnsafeBufferPointer<Float>, recording: Int, firstFrame: Int) {
        let frames = maps.frames[recording]
        let size = patchFrames * maps.bins
        raw.withUnsafeMutableBufferPointer { raw in
            guard let to = raw.baseAddress, let from = map.baseAddress else { return }
            for channel in 0..<maps.channels {
                let source = from + (channel * frames + firstFrame) * maps.bins
                (to + channel * size).update(from: source, count: size)
            }
        }
    }
}
