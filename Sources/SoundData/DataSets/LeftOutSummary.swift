/// What is listed and not used, counted by reason.
public struct LeftOutSummary: Sendable, Hashable {
    public struct Item: Sendable, Hashable {
        public var fault: ClipFault
        public var count: Int
        public var first: LeftOutClip

        /// Such as "12 silent (the first: gamma/c00.wav)".
        public var text: String { "\(count) \(fault.text) (the first: \(first.path))" }
    }

    public var total: Int
    /// The most frequent first.
    public var items: [Item]

    public init(_ clips: [LeftOutClip]) {
        total = clips.count
        items = Dictionary(grouping: clips, by: \.fault)
            .compactMap { fault, clips in
                clips.first.map { Item(fault: fault, count: clips.count, first: $0) }
            }
            .sorted { ($1.count, $0.fault.rawValue) < ($0.count, $1.fault.rawValue) }
    }

    /// A footnote; nil where nothing is left out.
    public var sentence: String? {
        guard total > 0 else { return nil }
        return "left out of the data: " + items.map(\.text).joined(separator: ", ")
    }
}

extension ClipFault {
    /// What such clips are.
    public var text: String {
        switch self {
        case .missing: "missing"
        case .unreadable: "unreadable"
        case .silent: "silent"
        case .notFinite: "with samples that are no numbers"
        case .level: "of impossible level"
        case .constant: "without any change"
        case .damaged: "unlike their checksum"
        case .mismatch: "unlike their annotation"
        case .copy: "with the content of another clip"
        case .short: "shorter than half a second"
        case .overlapped: "that sound with others"
        case .moving: "whose sources move on within half a second"
        }
    }
}
