/// How the values of parameters become rows.
public struct SweepDesign: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Every combination; the first parameter is the slowest.
        case grid
        /// The full set, then the set without each of its options in turn.
        case leaveOneOut = "leave_one_out"
        /// The empty set, then each option alone.
        case addOneIn = "add_one_in"
        /// The empty set, then one option more at a time, in the order listed.
        case cumulative
        /// The baseline, then each value of each parameter in its place.
        case oneFactor = "one_factor"
        /// Every subset, by size.
        case powerset
        /// Points drawn from values and intervals.
        case random
        /// The first values of all parameters, then the second ones, and so on.
        case zip
    }

    public let kind: Kind
    /// What this design varies, in the order of the file.
    public let parameters: [SweepParameter]
    /// The subset setting of a design over sets (leave one out, add one in, cumulative, power set).
    public let setting: String?
    /// The options of that setting that it is about, in the order listed.
    public let options: [String]

    /// Whether the rows hold every subset, as Shapley values need it (a power set, or cumulative with
    /// `orders: all`).
    public internal(set) var hasAllSubsets: Bool
}

extension SweepDesign.Kind {
    var isOverSets: Bool {
        switch self {
        case .leaveOneOut, .addOneIn, .cumulative, .powerset: true
        case .grid, .oneFactor, .random, .zip: false
        }
    }

    /// The keys that a design of this kind may have.
    var keys: [String] {
        let own =
            switch self {
            case .grid, .oneFactor: [String]()
            case .leaveOneOut, .addOneIn, .powerset: ["of"]
            case .cumulative: ["of", "orders"]
            case .random: ["points", "seed"]
            case .zip: ["keys"]
            }
        return ["kind", "parameters"] + own
    }
}
