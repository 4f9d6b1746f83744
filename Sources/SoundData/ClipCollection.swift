import Digests
import Foundation

/// A clip that a data set lists, before anybody has looked at its file.
struct ClipCandidate: Sendable {
    var identifier: String
    var file: URL
    var label: String
    /// nil: to be drawn.
    var split: Split?
    var group: String
    /// For recordings made with a microphone array: where in the file, and from which direction.
    var segment: RecordedSegment?
}

/// Turns listed clips into a data set: files looked at, splits drawn where there are none, groups
/// checked, the content named.
struct ClipCollection {
    var name: String
    /// What ``DataSettings/path`` named, for messages.
    var path: String
    var candidates: [ClipCandidate]
    /// For recordings made with a microphone array: how many channels each must have.
    var requiredChannels: Int?

    func dataSet(_ settings: DataSettings) throws -> SoundDataSet {
        var candidates = candidates.sorted { $0.identifier < $1.identifier }
        for (first, second) in zip(candidates, candidates.dropFirst())
        where first.identifier == second.identifier {
            throw SoundDataError.clipListedTwice(path: first.identifier)
        }
        let files = Set(candidates.map(\.file)).sorted { $0.path < $1.path }
        let facts = Dictionary(
            uniqueKeysWithValues: zip(files, FileFacts.inspect(files)))
        var unreadable: [UnreadableClip] = []
        candidates.removeAll { candidate in
            guard let reason = fault(of: candidate, facts[candidate.file]) else { return false }
            unreadable.append(UnreadableClip(path: candidate.identifier, reason: reason))
            return true
        }
        guard !candidates.isEmpty else {
            throw SoundDataError.noReadableClips(
                path: path, unreadable: unreadable.count, example: unreadable.first)
        }
        let classes = Set(candidates.map(\.label)).sorted()
        let labelOfClass = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
        let labels = candidates.map { labelOfClass[$0.label, default: 0] }
        let splits = try splits(of: candidates, labels: labels, settings)
        var hasher = DigestHasher()
        hasher.update("sound data set 1\n")
        let clips = candidates.indices.map { index in
            let candidate = candidates[index]
            var clip = Clip(
                identifier: candidate.identifier, label: labels[index], split: splits[index],
                group: candidate.group, source: .file(candidate.file), seconds: 0)
            if case .success(let facts)? = facts[candidate.file] {
                clip.seconds = facts.seconds
                hasher.update("\(facts.bytes) \(facts.digest)\n")
            }
            if let segment = candidate.segment {
                clip.source = .segment(segment)
                clip.seconds = min(segment.end, clip.seconds) - segment.start
                hasher.update(
                    "\(segment.start) \(segment.end) \(segment.azimuth) \(segment.elevation) "
                        + "\(segment.distance)\n")
            }
            for field in [clip.identifier, candidate.label, clip.split.rawValue, clip.group] {
                hasher.update("\(field.utf8.count):\(field)\n")
            }
            return clip
        }
        return SoundDataSet(
            name: name, classes: classes, clips: clips, unreadable: unreadable,
            digest: hasher.finalize(), isSynthetic: false, isSpatial: requiredChannels != nil)
    }

    private func fault(
        of candidate: ClipCandidate, _ facts: Result<FileFacts, AudioFileFault>?
    ) -> String? {
        switch facts {
        case .success(let facts)?:
            if let requiredChannels, facts.channelCount != requiredChannels {
                return "it has \(facts.channelCount) channels, not \(requiredChannels)"
            }
            if let segment = candidate.segment, segment.start >= facts.seconds {
                return "it ends at \(facts.seconds) s, before the event at \(segment.start) s"
            }
            return nil
        case .failure(let fault)?: return fault.reason
        case nil: return "the file is missing"
        }
    }

    private func splits(
        of candidates: [ClipCandidate], labels: [Int], _ settings: DataSettings
    ) throws -> [Split] {
        let groups = candidates.map(\.group)
        var splits = candidates.compactMap(\.split)
        if splits.count < candidates.count {
            splits = SplitAssignment.draw(
                labels: labels, groups: groups, validationFraction: settings.validationFraction,
                testFraction: settings.testFraction, seed: settings.seed)
        }
        var splitOfGroup: [String: Split] = [:]
        for (group, split) in zip(groups, splits) {
            if let first = splitOfGroup.updateValue(split, forKey: group), first != split {
                throw SoundDataError.groupInTwoSplits(group: group, first: first, second: split)
            }
        }
        return splits
    }
}
