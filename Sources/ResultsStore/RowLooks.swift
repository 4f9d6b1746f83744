/// When the comparisons of a row may be looked at, and how many are corrected for at once with them:
/// decided when its plan is registered, before its trials run, and kept with it.
public struct RowLooks: Sendable, Hashable {
    /// Whether intervals must hold at every number of seeds.
    public var isOpen: Bool
    /// Of an open row: the seeds that it was looked at with before, as a fixed plan.
    public var firstSeeds: [Int]
    /// How many comparisons are corrected for at once; nil for all of the table.
    public var comparisons: Int?
    /// Which rows these comparisons are of: those of the first plan that was looked at are family 0, those that
    /// came after a look the next.
    public var family: Int
    /// Whether the row was compared with another baseline, or with none, when figures of both were there already.
    public var hasLateBaseline: Bool

    public init(
        isOpen: Bool = false, firstSeeds: [Int] = [], comparisons: Int? = nil, family: Int = 0,
        hasLateBaseline: Bool = false
    ) {
        self.isOpen = isOpen
        self.firstSeeds = firstSeeds
        self.comparisons = comparisons
        self.family = family
        self.hasLateBaseline = hasLateBaseline
    }
}

extension RowLooks: Codable {
    /// Earlier versions knew neither families nor late baselines.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isOpen = try container.decode(Bool.self, forKey: .isOpen)
        firstSeeds = try container.decode([Int].self, forKey: .firstSeeds)
        comparisons = try container.decodeIfPresent(Int.self, forKey: .comparisons)
        family = try container.decodeIfPresent(Int.self, forKey: .family) ?? 0
        hasLateBaseline =
            try container.decodeIfPresent(Bool.self, forKey: .hasLateBaseline) ?? false
    }
}
