extension SoundDataSet {
    /// What a reader of figures on this data must know of it, a sentence each.
    public var notes: [String] {
        var notes = [LeftOutSummary(leftOut).sentence].compactMap { $0 }
        if !clips.contains(where: { $0.split == .validation }) {
            notes.append(
                "no clips for validation: penalties of probes are the middle of their range")
        }
        let untested = classes(without: .test)
        if !untested.isEmpty {
            notes.append(
                "\(untested.count) of \(classes.count) classes have no test clips: "
                    + untested.prefix(3).joined(separator: ", ")
                    + (untested.count > 3 ? ", ..." : ""))
        }
        return notes
    }

    /// The names of the classes that have no clip in a split.
    func classes(without split: Split) -> [String] {
        let present = Set(clips.lazy.filter { $0.split == split }.map(\.label))
        return classes.indices.filter { !present.contains($0) }.map { classes[$0] }
    }
}
