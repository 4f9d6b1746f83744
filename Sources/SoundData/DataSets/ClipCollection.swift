import Digests
import Foundation

/// A clip that a data set lists, before anybody has looked at its file.
struct ClipCandidate: Sendable {
    /// The path below the data set's folder, in its one canonical spelling.
    var identifier: String
    var file: URL
    var label: String
    /// nil: to be drawn.
    var split: Split?
    var group: String
    /// For recordings made with a microphone array: where in the file, and from which direction.
    var segment: RecordedSegment?
}

/// Turns listed clips into a data set: files looked at, names in one spelling, copies found, splits
/// drawn where there are none, groups checked, the content named.
struct ClipCollection {
    var name: String
    /// What ``DataSettings/path`` named, for messages.
    var path: String
    /// The folder that the clips lie in.
    var folder: URL
    var candidates: [ClipCandidate]
    /// For recordings made with a microphone array: how many channels each must have.
    var requiredChannels: Int?
    /// Whether somebody wrote the clips down one by one, so that naming a file twice is a mistake.
    var isListed = true
    /// What was found to be of no use before its file was looked at.
    var leftOut: [LeftOutClip] = []
    /// What was odd about the folders.
    var remarks: [DataRemark] = []

    func dataSet(_ settings: DataSettings, _ look: FirstLook) throws -> SoundDataSet {
        var found = try distinct(candidates.map(Self.canonical))
        var leftOut = leftOut + found.leftOut
        let files = Dictionary(grouping: found.candidates, by: \.path).keys.sorted()
        let urls = files.map { URL(fileURLWithPath: $0) }
        let facts = Dictionary(
            uniqueKeysWithValues: zip(
                files, look.inspect(urls, paths: files, below: folder.path)))
        found.candidates.removeAll { item in
            guard let fault = fault(of: item.candidate, facts[item.path]) else { return false }
            leftOut.append(
                LeftOutClip(
                    path: item.candidate.identifier, fault: fault.fault, reason: fault.reason,
                    split: item.candidate.split, label: item.candidate.label))
            return true
        }
        guard !found.candidates.isEmpty else {
            throw SoundDataError.noReadableClips(
                path: path, leftOut: leftOut, hint: hint(leftOut))
        }
        var clips = found.candidates.compactMap { item -> ListedClip? in
            guard case .success(let facts)? = facts[item.path] else { return nil }
            return ListedClip(candidate: item.candidate, facts: facts)
        }
        try assignSplits(&clips, settings)
        leftOut += leaveOutCopies(&clips)
        var set = dataSet(clips, leftOut: leftOut.sorted { $0.path < $1.path })
        set.remarks = self.remarks(clips) + Self.lookAlikes(candidates) + remarks
        try check(set)
        return set
    }

    /// Throws: ``SoundDataError`` where there is nothing to learn from, or to be judged by.
    private func check(_ set: SoundDataSet) throws {
        for split in [Split.training, .test] where set.clips(for: split).isEmpty {
            let lost = set.leftOut.filter { $0.split == split }
            throw SoundDataError.noClips(
                split: split, name: set.name, leftOut: lost, hint: hint(lost))
        }
    }

    /// Where the first file that is missing lies instead: one folder deeper or higher.
    private func hint(_ leftOut: [LeftOutClip]) -> String? {
        guard let first = leftOut.first(where: { $0.fault == .missing }),
            !first.path.hasPrefix("/")
        else { return nil }
        let parts = first.path.split(separator: "/").map(String.init)
        for depth in parts.indices {
            let above = ([folder.path] + parts[..<depth]).joined(separator: "/")
            let names = ((try? FilePath.names(in: above)) ?? []).prefix(1000)
            for name in names where FilePath.isFolder("\(above)/\(name)") {
                let path = (parts[..<depth] + [name] + parts[depth...]).joined(separator: "/")
                if FilePath.status("\(folder.path)/\(path)") != nil { return path }
            }
            let shorter = (parts[..<depth] + parts[(depth + 1)...]).joined(separator: "/")
            if !shorter.isEmpty, FilePath.status("\(folder.path)/\(shorter)") != nil {
                return shorter
            }
        }
        return nil
    }

    private func dataSet(_ listed: [ListedClip], leftOut: [LeftOutClip]) -> SoundDataSet {
        // Labels of pretraining are not read: one that no other split has is no class.
        let labels = Set(listed.map(\.candidate.label))
        let judged = listed.filter { $0.split != .pretraining }
        let classes = Set(judged.map(\.candidate.label)).sorted()
        let labelOfClass = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
        var hasher = DigestHasher()
        hasher.update("sound data set \(labels.count == classes.count ? 2 : 3)\n")
        let clips = listed.map { item in
            let candidate = item.candidate
            var clip = Clip(
                identifier: candidate.identifier,
                label: labelOfClass[candidate.label, default: Clip.unlabelled],
                split: item.split, group: candidate.group, source: .file(candidate.file),
                seconds: item.facts.seconds)
            clip.stamp = item.facts.stamp
            clip.scale = item.facts.scale(mixed: requiredChannels == nil)
            clip.content = "\(item.facts.stamp.bytes) \(item.facts.content)\n"
            hasher.update(clip.content)
            if let segment = candidate.segment {
                clip.source = .segment(segment)
                clip.seconds = min(segment.end, clip.seconds) - segment.start
                let place =
                    "\(segment.start) \(segment.end) \(segment.azimuth) \(segment.elevation) "
                    + "\(segment.distance)\n"
                clip.content += place
                hasher.update(place)
            }
            for field in [clip.identifier, candidate.label, clip.split.rawValue, clip.group] {
                hasher.update("\(field.utf8.count):\(field)\n")
            }
            return clip
        }
        return SoundDataSet(
            name: name, classes: classes, clips: clips, leftOut: leftOut,
            digest: hasher.finalize(), isSynthetic: false, isSpatial: requiredChannels != nil)
    }

    private func fault(
        of candidate: ClipCandidate, _ facts: Result<FileFacts, AudioFileFault>?
    ) -> AudioFileFault? {
        switch facts {
        case .success(let facts)?:
            if let requiredChannels, facts.channelCount != requiredChannels {
                return AudioFileFault(
                    .mismatch, "it has \(facts.channelCount) channels, not \(requiredChannels)")
            }
            if let fault = facts.fault(mixed: requiredChannels == nil) { return fault }
            return candidate.segment.flatMap { fault(of: $0, facts) }
        case .failure(let fault)?: return fault
        case nil: return AudioFileFault(.missing, "the file is missing")
        }
    }

    private func fault(of segment: RecordedSegment, _ facts: FileFacts) -> AudioFileFault? {
        guard segment.start < facts.seconds else {
            return AudioFileFault(
                .mismatch,
                "it ends at \(facts.seconds) s, before the event at \(segment.start) s")
        }
        // Five tenths of a second may be less by a rounding.
        guard segment.end <= facts.seconds + RecordedSegment.step + 1e-9,
            min(segment.end, facts.seconds) - segment.start >= RecordedSegment.shortest - 1e-9
        else {
            return AudioFileFault(
                .mismatch,
                "it ends at \(facts.seconds) s, before the event from \(segment.start) s to "
                    + "\(segment.end) s does")
        }
        let frames = segment.frames(
            sampleRate: facts.sampleRate, frameCount: facts.frameCount)
        let isSilent = facts.silences.contains {
            $0.lowerBound <= frames.lowerBound && frames.upperBound <= $0.upperBound
        }
        return isSilent
            ? AudioFileFault(.silent, "its samples are all the same: no sound") : nil
    }
}

/// A clip whose file can be used.
struct ListedClip {
    var candidate: ClipCandidate
    var facts: FileFacts

    /// Known once splits are assigned.
    var split: Split { candidate.split ?? .training }
}
