import Digests
import Foundation

// The same clip under several names, and the same content in several splits.
extension ClipCollection {
    /// A candidate and what its file's path resolves to.
    struct Found {
        var candidate: ClipCandidate
        var path: String
    }

    /// One spelling for names that look the same.
    static func canonical(_ candidate: ClipCandidate) -> ClipCandidate {
        var candidate = candidate
        candidate.identifier = CanonicalText.normalised(candidate.identifier)
        candidate.label = CanonicalText.trimmed(candidate.label)
        let group = CanonicalText.trimmed(candidate.group)
        candidate.group = group.isEmpty ? candidate.identifier : group
        return candidate
    }

    /// The candidates in the order of their identifiers, each file once.
    ///
    /// A link to a file that is a candidate itself is that candidate. Several links to a file
    /// elsewhere, as git-annex has them, are several files.
    ///
    /// Throws: ``SoundDataError/clipsListedTwice(_:)``.
    func distinct(
        _ candidates: [ClipCandidate]
    ) throws -> (candidates: [Found], leftOut: [LeftOutClip]) {
        var folders: [String: String] = [:]
        // Of equal names the one whose file does not hide behind a link comes first.
        let items = candidates.map { candidate -> (Found, isLink: Bool) in
            let path = candidate.file.path
            let resolved = FilePath.resolved(path) ?? path
            let folder = (path as NSString).deletingLastPathComponent
            let real = folders[folder] ?? FilePath.resolved(folder) ?? folder
            folders[folder] = real
            let place = real + "/" + (path as NSString).lastPathComponent
            return (Found(candidate: candidate, path: resolved), place != resolved)
        }.sorted { left, right in
            left.0.candidate.identifier != right.0.candidate.identifier
                ? left.0.candidate.identifier < right.0.candidate.identifier
                : left.0.path < right.0.path
        }
        guard requiredChannels == nil else {
            let names = items.map(\.0.candidate.identifier)
            let repeated = zip(names, names.dropFirst()).filter { $0 == $1 }
            guard repeated.isEmpty else {
                throw SoundDataError.clipsListedTwice(
                    repeated.map { RepeatedClip(first: $0, second: $1, difference: nil) })
            }
            return (items.map(\.0), [])
        }
        // By bytes: texts are equal in either Unicode form, files are not.
        var owner: [[UInt8]: ClipCandidate] = [:]
        var result: [Found] = []
        var repeated: [RepeatedClip] = []
        var leftOut: [LeftOutClip] = []
        for (item, isLink) in items where !isLink {
            guard let first = owner[Array(item.path.utf8)] else {
                owner[Array(item.path.utf8)] = item.candidate
                result.append(item)
                continue
            }
            note(item.candidate, of: first)
        }
        for (item, isLink) in items where isLink {
            guard let first = owner[Array(item.path.utf8)] else {
                result.append(item)
                continue
            }
            note(item.candidate, of: first)
        }
        func note(_ second: ClipCandidate, of first: ClipCandidate) {
            if !isListed, first.label == second.label {
                leftOut.append(
                    LeftOutClip(
                        path: second.identifier, fault: .copy,
                        reason: "it is the file '\(first.identifier)'"))
            } else {
                repeated.append(RepeatedClip(first, second))
            }
        }
        guard repeated.isEmpty else { throw SoundDataError.clipsListedTwice(repeated) }
        return (Self.withDistinctNames(result), leftOut)
    }

    /// Two files whose names differ in their Unicode form alone are two clips.
    private static func withDistinctNames(_ items: [Found]) -> [Found] {
        var used: [String: Int] = [:]
        var items = items.sorted { left, right in
            left.candidate.identifier != right.candidate.identifier
                ? left.candidate.identifier < right.candidate.identifier : left.path < right.path
        }
        for index in items.indices {
            let name = items[index].candidate.identifier
            used[name, default: 0] += 1
            guard let count = used[name], count > 1 else { continue }
            items[index].candidate.identifier += " (\(count))"
            if items[index].candidate.group == name {
                items[index].candidate.group = items[index].candidate.identifier
            }
        }
        return items
    }

    /// Draws the splits that are not given, checks those that are.
    ///
    /// Throws: ``SoundDataError/groupsInTwoSplits(_:)``.
    func assignSplits(_ clips: inout [ListedClip], _ settings: DataSettings) throws {
        if clips.contains(where: { $0.candidate.split == nil }) {
            let classes = Set(clips.map(\.candidate.label)).sorted()
            let labelOfClass = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
            let splits = SplitAssignment.draw(
                labels: clips.map { labelOfClass[$0.candidate.label, default: 0] },
                groups: clips.map(\.candidate.group),
                validationFraction: settings.validationFraction,
                testFraction: settings.testFraction, seed: settings.seed)
            for (index, split) in zip(clips.indices, splits) {
                clips[index].candidate.split = split
            }
        }
        var splitOfGroup: [String: Split] = [:]
        var clashes: [String: GroupClash] = [:]
        for clip in clips {
            let group = clip.candidate.group
            guard let first = splitOfGroup[group] else {
                splitOfGroup[group] = clip.split
                continue
            }
            if first != clip.split, clashes[group] == nil {
                clashes[group] = GroupClash(group: group, first: first, second: clip.split)
            }
        }
        guard clashes.isEmpty else {
            throw SoundDataError.groupsInTwoSplits(clashes.values.sorted { $0.group < $1.group })
        }
    }

    /// Leaves out what would be learnt from and judged by at once: a sound of two splits stays in the
    /// one that is looked at later.
    func leaveOutCopies(_ clips: inout [ListedClip]) -> [LeftOutClip] {
        var kept: [Digest: ListedClip] = [:]
        for clip in clips where clip.split.judges > 0 {
            let known = kept[clip.facts.sound]
            if (known?.split.judges ?? 0) < clip.split.judges { kept[clip.facts.sound] = clip }
        }
        var leftOut: [LeftOutClip] = []
        clips.removeAll { clip in
            guard let other = kept[clip.facts.sound], other.split.judges > clip.split.judges else {
                return false
            }
            leftOut.append(
                LeftOutClip(
                    path: clip.candidate.identifier, fault: .copy,
                    reason: "it is a \(clip.split.rawValue) clip with the content of the "
                        + "\(other.split.rawValue) clip '\(other.candidate.identifier)'",
                    split: clip.split, label: clip.candidate.label))
            return true
        }
        return leftOut
    }
}

extension Split {
    /// How late clips of the split are looked at; what is learnt from comes first.
    fileprivate var judges: Int {
        switch self {
        case .pretraining, .training: 0
        case .validation: 1
        case .test: 2
        }
    }
}
