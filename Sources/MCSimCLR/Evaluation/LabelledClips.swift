import Randomness
package import SoundData

/// How many clips have labels that an evaluation may learn from: all of them, a share of each class, or
/// so many of each.
///
/// Clips are drawn class by class, by the trial's seed, and all recordings of a clip go with it. Fewer
/// labels are always part of more of the same seed. Labels that choose (penalties, steps) are labels
/// too: the validation split keeps as large a share of each class.
public struct LabelledClips: Sendable, Codable, Hashable {
    /// Share of the clips of each class, in (0, 1].
    public var fraction: Double
    /// Clips of each class at most; nil for no limit.
    public var perClass: Int?

    public init(fraction: Double = 1, perClass: Int? = nil) {
        self.fraction = fraction
        self.perClass = perClass
    }

    /// Every clip has its label.
    public static let all = LabelledClips()

    /// How many of a class's clips have labels: one at least.
    private func count(of clips: Int) -> Int {
        min(max(1, Int((Double(clips) * fraction).rounded())), perClass ?? clips)
    }

    /// Those recordings of the training split whose labels may be learnt from.
    package func training(
        _ recordings: [Int], of bank: RecordingBank, seed: UInt64
    ) -> [Int] {
        guard self != .all else { return recordings }
        return bank.drawing(recordings, seed: seed, "label subset") { count(of: $1) }
    }

    /// Those recordings of the validation split whose labels may be chosen by: of each class the share
    /// that has labels in the training split, one clip at least.
    ///
    /// - Parameter training: all recordings of the training split.
    package func validation(
        _ recordings: [Int], training: [Int], of bank: RecordingBank, seed: UInt64
    ) -> [Int] {
        guard self != .all else { return recordings }
        let counts = bank.clips(of: training).mapValues(\.count)
        return bank.drawing(recordings, seed: seed, "validation label subset") { label, clips in
            let share = counts[label].map { Double(count(of: $0)) / Double($0) } ?? fraction
            return max(1, Int((Double(clips) * share).rounded()))
        }
    }
}

extension RecordingBank {
    /// The clips of each class that some recordings are of (their first sources), in the recordings' order.
    fileprivate func clips(of chosen: [Int]) -> [Int: [Int]] {
        var clips: [Int: [Int]] = [:]
        var seen: Set<Int> = []
        for recording in chosen where seen.insert(recordings[recording].clip).inserted {
            clips[recordings[recording].label, default: []].append(recordings[recording].clip)
        }
        return clips
    }

    /// The recordings of some clips of each class.
    ///
    /// - Parameter count: how many of a class that has so many. The first of one order are taken, so that
    ///   more of them include fewer.
    fileprivate func drawing(
        _ chosen: [Int], seed: UInt64, _ name: String, count: (_ label: Int, _ clips: Int) -> Int
    ) -> [Int] {
        var drawn: Set<Int> = []
        for (label, clips) in clips(of: chosen) {
            var stream = Stream(seed, name, label)
            drawn.formUnion(
                stream.permutation(clips.count).prefix(count(label, clips.count)).map { clips[$0] })
        }
        return chosen.filter { drawn.contains(recordings[$0].clip) }
    }
}
