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
        let undecided = clips.indices.filter { clips[$0].candidate.split == nil }
        if !undecided.isEmpty {
            let candidates = undecided.map { clips[$0].candidate }
            let classes = Set(candidates.map(\.label)).sorted()
            let labelOfClass = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
            let splits = SplitAssignment.draw(
                labels: candidates.map { labelOfClass[$0.label, default: 0] },
                groups: candidates.map(\.group),
                validationFraction: settings.validationFraction,
                testFraction: settings.testFraction, seed: settings.seed)
            for (index, split) in zip(undecided, splits) { clips[index].candidate.split = split }
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
            let known = kept[sound(clip)]
            if (known?.split.judges ?? 0) < clip.split.judges { kept[sound(clip)] = clip }
        }
        var leftOut: [LeftOutClip] = []
        clips.removeAll { clip in
            guard let other = kept[sound(clip)], other.split.judges > clip.split.judges else {
                return false
            }
            leftOut.append(
                LeftOutClip(
                    path: clip.candidate.identifier, fault: .copy,
                    reason: "it is a \(clip.split.rawValue) clip with the content of the "
                        + "\(other.split.rawValue) clip '\(other.candidate.identifier)'"
                        + (other.candidate.label == clip.candidate.label
                            ? "" : ", which is of class '\(other.candidate.label)'"),
                    split: clip.split, label: clip.candidate.label))
            return true
        }
        return leftOut
    }

    /// What is odd about clips that are used: files that are not whole, equal content.
    func remarks(_ clips: [ListedClip]) -> [DataRemark] {
        var remarks: [DataRemark] = []
        var seen: Set<String> = []
        for clip in clips where clip.facts.defect != nil {
            let path = requiredChannels == nil ? clip.candidate.identifier : clip.candidate.group
            guard seen.insert(path).inserted, let remark = clip.facts.remark(path) else { continue }
            remarks.append(remark)
        }
        // A stretch of a recording is the same as another only where both are the same stretch.
        struct Content: Hashable {
            var sound: Digest
            var start: Double?
            var end: Double?
        }
        let equal = Dictionary(grouping: clips) { clip in
            Content(
                sound: sound(clip), start: clip.candidate.segment?.start,
                end: clip.candidate.segment?.end)
        }
        for clips in equal.values where clips.count > 1 {
            for clip in clips {
                let others = clips.filter { $0.candidate.identifier != clip.candidate.identifier }
                let (path, label) = (clip.candidate.identifier, clip.candidate.label)
                if let other = others.first(where: { $0.candidate.label != label }) {
                    remarks.append(
                        DataRemark(
                            .otherClass, path: path,
                            detail: "of '\(label)', is \(other.candidate.identifier), "
                                + "of '\(other.candidate.label)'"))
                } else if let other = others.first, other.candidate.identifier < path,
                    other.split == clip.split
                {
                    remarks.append(
                        DataRemark(.copy, path: path, detail: "is \(other.candidate.identifier)"))
                }
            }
        }
        return remarks.sorted { $0.path < $1.path }
    }

    /// The labels of classes that look like another, as they are written and as they are shown.
    static func lookAlikes(_ candidates: [ClipCandidate]) -> [DataRemark] {
        let labels = Set(candidates.map(\.label).map { CanonicalText.unpadded($0) })
        let alike = Dictionary(grouping: labels) {
            InvisibleText.visible($0).precomposedStringWithCanonicalMapping
        }
        return alike.values.flatMap { labels -> [DataRemark] in
            let names = Set(labels.map(CanonicalText.normalised)).sorted()
            return names.dropFirst().map {
                DataRemark(.lookAlike, path: "'\($0)'", detail: "like '\(names[0])'")
            }
        }.sorted { $0.path < $1.path }
    }

    /// What is equal in copies: where channels are mixed, their mean.
    private func sound(_ clip: ListedClip) -> Digest {
        requiredChannels == nil ? clip.facts.mix : clip.facts.sound
    }
}

extension FileFacts {
    func remark(_ path: String) -> DataRemark? {
        switch defect {
        case .cutOff(promised: 0)?:
            DataRemark(.cutOff, path: path, detail: "without its last page")
        case .cutOff(let promised)?:
            DataRemark(
                .cutOff, path: path,
                detail:
                    "\(Self.text(seconds)) of \(Self.text(Double(promised) / Double(sampleRate))) s"
            )
        case .partialFrame(let bytes)?:
            DataRemark(
                .partialFrame, path: path,
                detail: bytes == 1 ? "1 byte too many" : "\(bytes) bytes too many")
        case .chained(let streams)?:
            DataRemark(
                .chained, path: path, detail: "\(streams) streams, \(Self.text(seconds)) s decoded")
        case .checksum?, nil: nil
        }
    }

    private static func text(_ seconds: Double) -> String {
        let digits = seconds < 10 ? 1000.0 : 10
        let rounded = (seconds * digits).rounded() / digits
        return rounded == rounded.rounded() && rounded < 1e15 ? "\(Int(rounded))" : "\(rounded)"
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
