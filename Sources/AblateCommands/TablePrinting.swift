import Analysis
public import ArgumentParser
import Foundation
import Reports
public import Studies

/// The options of every command that prints a table.
struct TableFormatOptions: ParsableArguments {
    @Option(help: "One of: \(TableFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: TableFormat = .terminal

    /// Several tables: in JSON a list of them; in CSV each below a line with its title, which no program takes for a
    /// row of another table.
    func print(_ tables: [Table]) {
        if tables.count == 1 { return print(tables[0]) }
        func text(_ table: Table) -> String {
            format.text(of: table, width: Console.width, usesColour: Console.usesColour)
        }
        switch format {
        case .json:
            let list = tables.map { text($0).trimmingCharacters(in: .newlines) }
            Console.write(steering: "[\(list.joined(separator: ",\n"))]\n")
        case .csv:
            let parts = tables.map {
                "# \($0.title.split(whereSeparator: \.isNewline).joined(separator: " "))\r\n"
                    + text($0)
            }
            Console.write(steering: parts.joined(separator: "\r\n"))
        default: Console.write(steering: tables.map(text).joined(separator: "\n"))
        }
    }

    func print(_ table: Table) {
        Console.write(
            steering: format.text(of: table, width: Console.width, usesColour: Console.usesColour))
    }
}

extension TableFormat: ExpressibleByArgument {}

/// Which figures of merit a table shows.
struct MetricOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Columns of each evaluation: figures of a study of programs, as its file names them; of the built-in "
                + "one some of "
                + Ablate.catalogue.standard.figures.map(\.name).joined(separator: ",")
                + " (default: the file's, else "
                + Ablate.catalogue.standard.defaultFigures.joined(separator: ",") + ").",
            valueName: "list"))
    var metrics: String?

    /// Each once, in the order given; nil for those of the sweep's file.
    ///
    /// Throws: `ValidationError` for one that the study has not.
    func chosen(_ study: any Study) throws -> [String]? {
        guard let metrics else { return nil }
        var result: [String] = []
        for name in metrics.split(separator: ",") {
            let name = name.trimmingCharacters(in: .whitespaces)
            if !result.contains(name) { result.append(name) }
        }
        do {
            return try study.checkedFigures(result.isEmpty ? [metrics] : result)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

/// How the intervals of differences are found.
struct IntervalOptions: ParsableArguments {
    enum Choice: String, CaseIterable, ExpressibleByArgument {
        case t
        case bca
    }

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Intervals of the differences: t (Student's), or bca (bootstrap, for ten seeds or more).",
            valueName: "t|bca"))
    var interval: Choice?

    var method: PairedDifference.IntervalMethod { interval == .bca ? .bootstrap : .student }
}
