/// What a data set holds, counted: for `ablate data info` and for captions.
public struct DataSummary: Sendable, Codable, Hashable {
    public struct SplitSummary: Sendable, Codable, Hashable {
        public var split: Split
        public var clips: Int
        public var groups: Int
        public var hours: Double
    }

    public struct ClassSummary: Sendable, Codable, Hashable {
        public var name: String
        public var hours: Double
        /// Clips of each split, in the order of ``DataSummary/splits``.
        public var clips: [Int]
    }

    public var name: String
    public var isSynthetic: Bool
    /// Whether the clips were recorded with a microphone array.
    public var isSpatial: Bool
    public var clips: Int
    public var hours: Double
    /// The splits that have clips of their own.
    public var splits: [SplitSummary]
    public var classes: [ClassSummary]
    public var leftOut: [LeftOutClip]
    /// What else a reader must know: splits without clips, classes that nothing tests.
    public var notes: [String]

    public init(_ dataSet: SoundDataSet) {
        name = dataSet.name
        isSynthetic = dataSet.isSynthetic
        isSpatial = dataSet.isSpatial
        clips = dataSet.clips.count
        hours = Self.hours(dataSet.clips)
        leftOut = dataSet.leftOut
        notes = dataSet.notes.filter { $0 != LeftOutSummary(dataSet.leftOut).sentence }
        let used = Split.allCases.filter { split in dataSet.clips.contains { $0.split == split } }
        splits = used.map { split in
            let own = dataSet.clips.filter { $0.split == split }
            return SplitSummary(
                split: split, clips: own.count, groups: Set(own.map(\.group)).count,
                hours: Self.hours(own))
        }
        let ofClass = Dictionary(grouping: dataSet.clips, by: \.label)
        classes = dataSet.classes.enumerated().map { label, name in
            let own = ofClass[label, default: []]
            return ClassSummary(
                name: name, hours: Self.hours(own),
                clips: used.map { split in own.count { $0.split == split } })
        }
    }

    private static func hours(_ clips: [Clip]) -> Double {
        clips.reduce(0) { $0 + $1.seconds } / 3600
    }
}
