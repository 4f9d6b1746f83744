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
        table.notes += sweep.facts.dataNotes
        ImportedResults.mark(&table, trials)
        return table
    }
}

extension Looks {
    /// As the store keeps them; those of before are fixed.
    init(_ looks: RowLooks?) {
        guard let looks, looks.isOpen else {
            self = .fixed
            return
        }
        self = .open(first: looks.firstSeeds)
    }
}
