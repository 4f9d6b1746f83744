import Digests

/// How the rows of a sweep find their own best values of some settings: what is tried, and by what it is
/// judged.
///
/// All rows try the same points, drawn independently (Dodge et al. 2019, doi:10.18653/v1/D19-1224, whose
/// expected best of k points wants that) or every combination of the values listed, with seeds that the
/// sweep itself does not have.
public struct SweepTuning: Sendable {
    /// The metric by which a row chooses: `probe_validation_error`.
    public let metric: String
    /// The evaluation that leaves it, on the validation split.
    public let evaluation: String
    /// What is tuned, in the order of the file.
    public let keys: [String]
    /// The values of each point, by key.
    public let points: [[String: SettingValue]]
    /// Whether the points are every combination of the values listed, not draws.
    public let isExhaustive: Bool
    /// What is run to choose: each row with the values of each point. Points that are alike in a row, since
    /// some of the settings have no effect in it, are one row.
    public let plan: SweepPlan
    /// The row of ``plan`` that is a row of the sweep at a point. Shape: `[rows][points]`.
    public let places: [[Int]]
    /// Shape: `[rows][points]`.
    let candidates: [[Candidate]]
    /// Positions of the settings that a tuned row may change.
    let changing: Set<Int>

    /// A row of the sweep at a point.
    struct Candidate: Sendable {
        var changes: [SettingsTable.Change]
        var digest: Digest
        /// What is tuned and has an effect in it.
        var varied: [(key: String, value: SettingValue)]
    }

    /// The seeds of the points; none of the sweep's is among them.
    public var seeds: [Int] { plan.seeds }

    /// Where seeds for tuning begin: far from those that people choose.
    static let firstSeed = 1_000_000

    /// The setting of tuned rows that no file gives: whether a row stands at its own best values.
    public static let mark = "tuned"

    /// What the label of a tuned row ends with.
    public static let ending = ", tuned"
}

extension SweepFile {
    /// The plan with every row twice: as the file has it, and behind that at the point that it chose.
    ///
    /// A tuned row is compared with its tuned baseline, where that has chosen.
    ///
    /// - Parameter choices: the point of each row; nil for a row that could choose none, which is there once.
    public func tunedPlan(_ choices: [Int?]) -> SweepPlan {
        guard let tuning else { return plan }
        precondition(choices.count == plan.rows.count, "a point for each row")
        // Where each row will stand, and its tuned twin.
        var next = 0
        let places = choices.map { choice -> (own: Int, tuned: Int?) in
            defer { next += choice == nil ? 1 : 2 }
            return (next, choice == nil ? nil : next + 1)
        }
        var rows: [SweepRow] = []
        for (row, choice) in zip(plan.rows, choices) {
            rows.append(
                SweepRow(
                    index: rows.count, label: row.label, isBaseline: row.isBaseline,
                    baseline: row.baseline.map { places[$0].own }, varied: row.varied,
                    digest: row.digest,
                    shared: row.shared, changes: row.changes))
            guard let choice else { continue }
            let candidate = tuning.candidates[row.index][choice]
            // The same settings as those of another row would be the same trial.
            var hasher = DigestHasher()
            hasher.update("tuned\n")
            hasher.update(candidate.digest)
            hasher.update("\(row.index)\n")
            rows.append(
                SweepRow(
                    index: rows.count, label: row.label + SweepTuning.ending,
                    isBaseline: row.isBaseline,
                    baseline: row.baseline.flatMap { places[$0].tuned },
                    varied: row.varied + candidate.varied + [(SweepTuning.mark, .boolean(true))],
                    digest: hasher.finalize(), shared: row.shared, changes: candidate.changes))
        }
        return SweepPlan(
            rows: rows, trials: SweepExpander.trials(of: rows, seeds: plan.seeds),
            collapsed: plan.collapsed, excluded: plan.excluded,
            variedKeys: plan.variedKeys + tuning.keys + [SweepTuning.mark], seeds: plan.seeds,
            data: plan.data, storedData: plan.storedData, evaluation: plan.evaluation,
            remarks: plan.remarks, unread: plan.unread, table: plan.table,
            changing: plan.changing.union(tuning.changing), origins: plan.origins)
    }
}
