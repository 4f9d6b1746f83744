import Analysis
public import Reports
import ResultsStore

extension SweepTable {
    /// What may be said of each configuration against its baseline.
    ///
    /// Throws: as ``make(_:from:options:)``.
    public static func verdicts(_ sweep: String, from store: StudyStore) throws -> Table {
        let sweep = try store.sweep(sweep)
        let trials = try sweep.trials(with: sweep.figures)
        var table = VerdictTable.make(from: try input(sweep.sweep, trials: trials))
        table.notes += try extensions(of: sweep) + sweep.facts.dataNotes
        ImportedResults.mark(&table, trials)
        return table
    }

    /// What was added to a plan after it had been looked at, a sentence for each later plan: whoever may choose
    /// between the two has looked twice.
    static func extensions(of sweep: SweepReading) throws -> [String] {
        try sweep.store.extensions(of: sweep.record.name).map { later in
            "Extended since: \(later.plan) has rows of this plan with \(SeedList.text(later.seeds)) as well. "
                + "Its verdicts, with 2.5 % for each of the two looks, are those to report."
        }
    }
}

extension Looks {
    /// As the store keeps them; those of before are fixed.
    init(_ looks: RowLooks?) {
        self =
            switch looks {
            case let looks? where !looks.leftOut.isEmpty: .chosen(leftOut: looks.leftOut)
            case let looks? where looks.isOpen: .open(first: looks.firstSeeds)
            default: .fixed
            }
    }
}
