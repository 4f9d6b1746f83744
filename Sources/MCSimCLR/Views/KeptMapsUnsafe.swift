import AudioFeatures
import Platform
import SoundData

/// The maps of all recordings of a bank in one allocation, written once and then only read.
///
/// Unsafe: owns raw memory. It is `Sendable` because nothing writes after `init`.
final class KeptMaps: @unchecked Sendable {
    private let storage: UnsafeMutableBufferPointer<Float>
    private let offsets: [Int]

    init(
        bank: RecordingBank, frames: [Int], sizeOfFrame: Int,
        _ extractors: ThreadLanes<FeatureExtractor>, _ team: ThreadTeam
    ) {
        var offsets = [0]
        offsets.reserveCapacity(frames.count + 1)
        for count in frames { offsets.append(offsets[offsets.count - 1] + count * sizeOfFrame) }
        self.offsets = offsets
        storage = .allocate(capacity: offsets[offsets.count - 1])
        team.perform(frames.count, extractors) { [storage] recording, extractor in
            let samples = bank.read(recording)
            let map = UnsafeMutableBufferPointer(
                rebasing: storage[offsets[recording]..<offsets[recording + 1]])
            samples.withUnsafeBufferPointer {
                extractor(
                    $0, sampleCount: bank.recordings[recording].sampleCount, into: map)
            }
        }
    }

    deinit { storage.deallocate() }

    subscript(recording: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: storage[offsets[recording]..<offsets[recording + 1]])
    }
}
