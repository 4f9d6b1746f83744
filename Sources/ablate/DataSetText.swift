import SoundData

/// What a data set holds, in a few lines.
struct DataSetText {
    let dataSet: SoundDataSet

    /// How many unreadable clips are named one by one.
    private static let namedAtMost = 10

    var text: String {
        var lines = [
            "\(dataSet.name): \(dataSet.clips.count) clips, \(dataSet.classes.count) classes"
                + (dataSet.isSynthetic ? " (synthesised, not recorded)" : "")
        ]
        for split in Split.allCases {
            let clips = dataSet.clips.filter { $0.split == split }
            guard !clips.isEmpty else { continue }
            let groups = Set(clips.map(\.group)).count
            lines.append("  \(split.rawValue): \(clips.count) clips in \(groups) groups")
        }
        return (lines + unreadable).map { $0 + "\n" }.joined()
    }

    /// A line for each clip that cannot be read, up to a number.
    var unreadable: [String] {
        var lines = dataSet.unreadable.prefix(Self.namedAtMost).map {
            "left out: \($0.path): \($0.reason)"
        }
        if dataSet.unreadable.count > Self.namedAtMost {
            lines.append("left out: \(dataSet.unreadable.count - Self.namedAtMost) more")
        }
        return lines
    }
}
