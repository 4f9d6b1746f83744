import ArgumentParser
import Foundation
import Platform
import Reports
import ResultsStore
import Studies

/// `ablate table`
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Print the comparison table of a sweep, from the store alone.",
        discussion: """
            With --check, the numbers printed in a text between '% ablate table SWEEP' and \
            '% ablate end' (<!-- --> in Markdown), or as \\ablate{row}{column}{number}, are compared \
            with the store: exit code 3 where one is out of date, or where what is marked cannot be \
            compared. Headings, bold type, stars and remarks below the table are compared too; rows that \
            the text leaves out are named, and are no fault.

            EXAMPLE
              \(ProgramName.current) table quickstart
              \(ProgramName.current) table quickstart --differences --metrics error,within_10
              \(ProgramName.current) table quickstart --clips
              \(ProgramName.current) table quickstart --verdicts
              \(ProgramName.current) table paper-claims --claims
              \(ProgramName.current) table quickstart@1
              \(ProgramName.current) table quickstart --format latex > table.tex
              \(ProgramName.current) table quickstart --check paper.tex
            """)

    @Argument(help: SweepName.help, completion: Completions.ofSweeps)
    var sweep: String

    @Flag(name: .long, help: "Show paired differences against the baseline.")
    var differences = false

    @OptionGroup var interval: IntervalOptions

    @Flag(
        name: .long,
        help: "Show each trial with the interval that its test clips give it: a table of its own.")
    var clips = false

    @Flag(
        name: .long,
        help: "Show what may be said of each row against its baseline: a table of its own.")
    var verdicts = false

    @Flag(
        name: .long,
        help: "Show what may be said of each claim of the file (section 'claims').")
    var claims = false

    @Flag(
        name: .long,
        help: "Show what other seeds and other test clips would change: a table of its own.")
    var variance = false

    @Flag(name: .long, help: "Show two varied settings down and across, a table a metric.")
    var pivot = false

    @Flag(
        name: .long,
        help: "Show each row as its file has it and at its own best point (section 'tune').")
    var tuned = false

    @Flag(name: .long, help: "Show the time and memory of a trial.")
    var cost = false

    @Flag(name: .long, help: "Show what each member of a set contributes (design: powerset).")
    var attribution = false

    @Option(
        name: .long,
        help: "With --attribution: 1 for members alone, 2 for what pairs do together as well.")
    var order: Int?

    @Flag(name: .long, help: "Show published values (section 'paper' of the file) beside ours.")
    var paper = false

    @Option(
        name: .long,
        help: ArgumentHelp("Compare the numbers in a text with the table.", valueName: "file"))
    var check: String?

    @OptionGroup var metrics: MetricOptions
    @OptionGroup var format: TableFormatOptions
    @OptionGroup var results: ResultsOptions

    func validate() throws {
        let own = [
            ("--attribution", attribution), ("--paper", paper), ("--clips", clips),
            ("--verdicts", verdicts), ("--variance", variance), ("--pivot", pivot),
            ("--tuned", tuned), ("--claims", claims),
        ].filter(\.1)
        if let (name, _) = own.first, check != nil {
            throw ValidationError(
                "what \(name) prints cannot be checked: --check compares the table itself, with "
                    + "--metrics, --differences or --cost")
        }
        if let (name, _) = own.first, differences || cost || own.count > 1 {
            throw ValidationError("\(name) is a table of its own: leave the others out")
        }
        try OptionRange.check("--order", order, 1...2)
        if order != nil, !attribution {
            throw ValidationError("--order is for attributions: add --attribution")
        }
        if interval.interval != nil, !differences {
            throw ValidationError("--interval is for differences: add --differences")
        }
    }

    func run() throws {
        let store = try results.reading
        let name = try SweepName.resolve(sweep, comparingWith: store)
        let chosen = try metrics.chosen(store.study(ofSweep: name))
        guard !attribution else { return try printAttributions(name, store, chosen) }
        if verdicts || variance || tuned || claims {
            guard chosen == nil else {
                throw ValidationError(
                    "--verdicts, --claims, --variance and --tuned are of the metrics that the sweep's file chooses, "
                        + "all at once: leave --metrics out")
            }
            guard !claims else { return format.print(try SweepTable.claims(name, from: store)) }
            guard !tuned else { return format.print(try SweepTable.tuned(name, from: store)) }
            return format.print(
                try verdicts
                    ? SweepTable.verdicts(name, from: store)
                    : SweepTable.variance(name, from: store))
        }
        if pivot {
            return format.print(try SweepTable.pivots(name, from: store, metrics: chosen))
        }
        guard !clips else {
            return format.print(
                try SweepTable.clips(name, from: store, metrics: chosen))
        }
        let options = TableOptions(
            metrics: chosen, showsDifferences: differences,
            interval: interval.method, showsCost: cost)
        if paper {
            guard let table = try SweepTable.besidePaper(name, from: store, options: options) else {
                throw StudiesError.noPublishedValues(sweep: name)
            }
            return format.print(table)
        }
        var table = try SweepTable.make(name, from: store, options: options)
        // Who asks by number gets marks that name the same plan when another one is in view.
        if SweepReference(parsing: name).revision != nil { table.identifier = name }
        guard let check else { return format.print(table) }
        try self.check(check, against: table, in: store.store)
    }

    private func printAttributions(
        _ name: String, _ store: StudyStore, _ chosen: [String]?
    ) throws {
        let tables = try SweepTable.attributions(
            name, from: store, metrics: chosen, order: order ?? 1)
        guard !tables.isEmpty else { throw StudiesError.noSubsets(sweep: name) }
        format.print(tables)
    }

    private func check(_ path: String, against table: Table, in store: ResultsStore) throws {
        let text = try PaperFile.text(at: path)
        let syntax = PaperFile.syntax(ofName: path)
        let outcome = TableCheck.check(text, against: table, syntax: syntax)
        var problems = outcome.mismatches
        let sweeps = try Set(store.sweepNames())
        var others: [String] = []
        for block in TableCheck.blocks(in: text, syntax: syntax) {
            if block.name == table.identifier { continue }
            // An earlier plan of a sweep is NAME@N.
            let sweep = block.name.split(separator: "@").first.map(String.init) ?? block.name
            if sweeps.contains(sweep) {
                if !others.contains(block.name) { others.append(block.name) }
            } else {
                problems.append(
                    .init(
                        line: block.line, row: "", column: "", printed: "", current: nil,
                        problem: "the store has no sweep '\(block.name)', as this block is named"))
            }
        }
        for mismatch in problems { Console.write("\(path): \(mismatch)\n") }
        for remark in outcome.remarks { Console.write("\(path): \(remark)\n") }
        if problems.isEmpty, outcome.compared == 0 {
            throw CommandError.nothingToCheck(path: path, sweep: table.identifier)
        }
        if !others.isEmpty {
            Console.write(
                "\(path): not checked: the tables of \(others.joined(separator: ", ")); check each by "
                    + "its name\n")
        }
        guard problems.isEmpty else { throw ExitStatus.mismatch }
        Console.write("\(path): \(outcome.compared) numbers agree with \(table.identifier)\n")
    }
}
