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
    /// The metrics that it was tested in, in order of name, those of before a change of the file too; nil where
    /// nobody has said.
    public var metrics: [String]?
    /// How often figures that had been looked at were given up, and came out others. Each time halves what the
    /// comparisons of the row may err.
    public var redone: Int
    /// Whether figures that were looked at are given up at present, and may come out others.
    public var isGivenUp: Bool
    /// All comparisons that the sweep has claimed before figures of their rows were there, those of before a change
    /// of the file too, in order; nil for none. They are the same for all rows.
    public var claims: [String]?
    /// Those that were claimed when figures of their rows were there.
    public var lateClaims: [String]?
    /// Seeds between those of the row that had figures in an earlier plan of the sweep, and that this plan leaves
    /// out. Not kept: it is looked up in the other plans when the row is read.
    public var leftOut: [Int] = []

    public init(
        isOpen: Bool = false, firstSeeds: [Int] = [], comparisons: Int? = nil, family: Int = 0,
        hasLateBaseline: Bool = false, metrics: [String]? = nil, redone: Int = 0,
        isGivenUp: Bool = false, claims: [String]? = nil, lateClaims: [String]? = nil
    ) {
        self.isOpen = isOpen
        self.firstSeeds = firstSeeds
        self.comparisons = comparisons
        self.family = family
        self.hasLateBaseline = hasLateBaseline
        self.metrics = metrics
        self.redone = redone
        self.isGivenUp = isGivenUp
        self.claims = claims
        self.lateClaims = lateClaims
    }
}

extension RowLooks {
    /// Whether anything was ever claimed of the sweep.
    var hasClaims: Bool { claims != nil || lateClaims != nil }
}

extension RowLooks: Codable {
    private enum CodingKeys: String, CodingKey {
        case isOpen, firstSeeds, comparisons, family, hasLateBaseline, metrics, redone, isGivenUp,
            claims, lateClaims
    }

    /// Earlier versions knew neither families nor late baselines, nor names of metrics, nor results given up, nor
    /// claims.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isOpen = try container.decode(Bool.self, forKey: .isOpen)
        firstSeeds = try container.decode([Int].self, forKey: .firstSeeds)
        comparisons = try container.decodeIfPresent(Int.self, forKey: .comparisons)
        family = try container.decodeIfPresent(Int.self, forKey: .family) ?? 0
        hasLateBaseline =
            try container.decodeIfPresent(Bool.self, forKey: .hasLateBaseline) ?? false
        metrics = try container.decodeIfPresent([String].self, forKey: .metrics)
        redone = try container.decodeIfPresent(Int.self, forKey: .redone) ?? 0
        isGivenUp = try container.decodeIfPresent(Bool.self, forKey: .isGivenUp) ?? false
        claims = try container.decodeIfPresent([String].self, forKey: .claims)
        lateClaims = try container.decodeIfPresent([String].self, forKey: .lateClaims)
    }
}
