/// What a sweep is made to show, written down before it is run: one evaluation of a row is better than
/// another, whichever rows and evaluations they are.
public struct SweepClaim: Sendable, Codable, Hashable {
    /// An evaluation of a row.
    public struct Side: Sendable, Codable, Hashable {
        /// The row's label. Of an evaluation that is a row of its own (`random`): the row in whose context
        /// it is looked at.
        public var row: String
        public var evaluation: String

        public init(row: String, evaluation: String) {
            self.row = row
            self.evaluation = evaluation
        }
    }

    /// Two sides whose difference is looked at.
    public struct Contrast: Sendable, Codable, Hashable {
        public var better: Side
        public var than: Side

        public init(better: Side, than: Side) {
            self.better = better
            self.than = than
        }
    }

    /// In words.
    public var text: String
    public var contrast: Contrast
    /// A difference that the first one is said to be larger than; nil where that is no difference.
    public var beyond: Contrast?
    /// The figures that it is about; empty for those of the sweep.
    public var metrics: [String]

    public init(
        text: String, contrast: Contrast, beyond: Contrast? = nil, metrics: [String] = []
    ) {
        self.text = text
        self.contrast = contrast
        self.beyond = beyond
        self.metrics = metrics
    }

    /// Its differences: one, or two of which the first is said to be larger.
    public var contrasts: [Contrast] { [contrast] + [beyond].compactMap { $0 } }

    /// All that it is about.
    public var sides: [Side] { contrasts.flatMap { [$0.better, $0.than] } }
}
