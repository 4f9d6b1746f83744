extension SoundDataSet {
    /// What a reader of figures on this data must know of it, a sentence each.
    public var notes: [String] {
        var notes = [LeftOutSummary(leftOut).sentence].compactMap { $0 }
        let lost = Set(leftOut.compactMap(\.label)).subtracting(classes).sorted()
        if !lost.isEmpty {
            notes.append("no clip can be used of: " + Self.some(lost))
        }
        notes += DataRemark.sentences(remarks)
        if !clips.contains(where: { $0.split == .validation }) {
            notes.append(
                "no clips for validation: penalties of probes are the middle of their range")
        } else if case let unchosen = classes(without: .validation), !unchosen.isEmpty {
            notes.append(
                "\(unchosen.count) of \(classes.count) classes have no validation clips: "
                    + Self.some(unchosen))
        }
        if !untaughtClasses.isEmpty {
            notes.append(
                "classes with clips to be judged by and none to learn from: "
                    + Self.some(untaughtClasses))
        }
        let untested = classes(without: .test)
        // Without any test clips it is what tuning knows of it.
        if !untested.isEmpty, untested.count < classes.count {
            notes.append(
                "\(untested.count) of \(classes.count) classes have no test clips: "
                    + Self.some(untested))
        }
        return notes
    }

    private static func some(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ")
            + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }

    /// Throws: ``SoundDataError/classesWithoutTraining(_:name:)`` where some clips that are judged by
    /// are of a class that nothing can be learnt of; ``SoundDataError/oneClass(_:name:)``.
    public func requireTraining() throws {
        guard untaughtClasses.isEmpty else {
            throw SoundDataError.classesWithoutTraining(untaughtClasses, name: name)
        }
        let taught = Set(clips.lazy.filter { $0.split == .training }.map(\.label))
        if taught.count == 1, let label = taught.first {
            throw SoundDataError.oneClass(classes[label], name: name)
        }
    }

    private var untaughtClasses: [String] {
        let judged = Set(
            clips.lazy.filter { $0.split == .validation || $0.split == .test }.map(\.label))
        let untaught = Set(classes(without: .training))
        return judged.sorted().map { classes[$0] }.filter { untaught.contains($0) }
    }

    /// The names of the classes that have no clip in a split.
    func classes(without split: Split) -> [String] {
        let present = Set(clips.lazy.filter { $0.split == split }.map(\.label))
        return classes.indices.filter { !present.contains($0) }.map { classes[$0] }
    }
}
