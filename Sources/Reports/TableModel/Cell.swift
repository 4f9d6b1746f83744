public import Analysis

/// A cell of a ``Table``, with what its number rests on.
public struct Cell: Sendable, Hashable, Codable {
    /// What a cell says.
    public enum Content: Sendable, Hashable, Codable {
        /// Mean and standard deviation over seeds.
        case summary(Summary)
        /// A single number, drawn with the column's decimals.
        case number(Double)
        case count(Int)
        /// A difference against the baseline, with its p-value after correction within the table.
        case difference(PairedDifference, adjustedPValue: Double?)
        /// An effect with its interval.
        case effect(Summary, ConfidenceInterval?)
        /// What one trial reached, with the interval that its test set gives it.
        case estimate(Double, ConfidenceInterval?)
        case text(String)
        /// There should be a number, but no trial gave one.
        case missing
        /// This row has no such number: a reference without an encoder cannot be fine-tuned.
        case notApplicable
    }

    /// One trial behind a cell.
    public struct Source: Sendable, Hashable, Codable {
        /// The trial's digest.
        public var trial: String
        public var seed: Int
        /// In the cell's unit.
        public var value: Double
        /// Of this one trial, from its test set; nil where it was not asked for, or is unknown.
        public var interval: ConfidenceInterval?

        public init(
            trial: String, seed: Int, value: Double, interval: ConfidenceInterval? = nil
        ) {
            self.trial = trial
            self.seed = seed
            self.value = value
            self.interval = interval
        }
    }

    public var content: Content
    /// The best of its column among the rows that compete.
    public var isBest: Bool
    /// Positions in the table's footnotes.
    public var footnotes: [Int]
    /// The trials behind the number, by ascending seed.
    public var sources: [Source]

    public init(
        _ content: Content, isBest: Bool = false, footnotes: [Int] = [], sources: [Source] = []
    ) {
        self.content = content
        self.isBest = isBest
        self.footnotes = footnotes
        self.sources = sources
    }

    /// The number that rows are compared by; nil for cells without one.
    public var value: Double? {
        switch content {
        case .summary(let summary): summary.mean
        case .number(let number): number
        case .count(let count): Double(count)
        case .difference(let difference, adjustedPValue: _): difference.summary.mean
        case .effect(let summary, _): summary.mean
        case .estimate(let value, _): value
        case .text, .missing, .notApplicable: nil
        }
    }

    /// Whether a corrected p-value of at most 5 % marks the difference.
    public var isSignificant: Bool {
        guard case .difference(_, adjustedPValue: let p?) = content else { return false }
        return p <= 0.05
    }
}
