import Analysis
import Foundation
import MCSimCLR
import MCSimCLRStudy
import Reports
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("Tables, answers and reports of a stored sweep", .serialized)
struct SweepAnswersTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func value(_ table: Table, _ row: String, _ column: String) -> Double? {
        guard let row = table.rows.first(where: { $0.label == row }),
            let index = table.columns.firstIndex(where: { $0.key == column })
        else { return nil }
        return row.cells[index].value
    }

    @Test("differences are paired by seed, with the metrics asked for")
    func differences() throws {
        let sweep = try StoredSweep(in: folder.url)
        let table = try SweepTable.make(
            "written", from: sweep.store.read,
            options: TableOptions(metrics: ["error", "within_10"], showsDifferences: true))
        #expect(value(table, "none", "probe_error") == 21)
        #expect(value(table, "Mixup + ChannelDrop", "probe_error_difference") == -6)
        #expect(value(table, "none", "probe_within_10") == 40)
        #expect(!table.columns.contains { $0.key == "probe_accuracy" })
    }

    @Test("the paper's values reach the table through the store, the reference's too")
    func paper() throws {
        let sweep = try StoredSweep(in: folder.url)
        let table = try #require(try SweepTable.besidePaper("written", from: sweep.store.read))
        let rows = table.rows.map { row in
            [row.label]
                + row.cells.map { cell in
                    if case .text(let text) = cell.content { text } else { "\(cell.value ?? .nan)" }
                }
        }
        #expect(rows.contains(["none", "Linear probe: error (°)", "21.0", "13.2", "\(21 - 13.2)"]))
        #expect(rows.contains { $0[0] == "random encoder" && $0[3] == "83.1" })
    }

    @Test("every subset gives an attribution, each member its known effect")
    func attribution() throws {
        let sweep = try StoredSweep(in: folder.url)
        let tables = try SweepTable.attributions(
            "written", from: sweep.store.read, metrics: ["error"], order: 2)
        #expect(tables.count == 1)
        // Errors 20, 18, 16, 14 by subset: Mixup -2, ChannelDrop -4, together no more.
        #expect(value(tables[0], "Mixup", "probe_error") == -2)
        #expect(value(tables[0], "ChannelDrop", "probe_error") == -4)
        #expect(value(tables[0], "Mixup × ChannelDrop", "probe_error") == 0)
    }

    @Test("why names each trial; an unknown row or column is a fault that lists what there is")
    func why() throws {
        let sweep = try StoredSweep(in: folder.url)
        let answer = try SweepTable.explanation(
            ofRow: "none", column: "probe_error", in: "written", from: sweep.store.read)
        #expect(answer.rows.map(\.label) == ["0", "1", "2"])
        #expect(answer.columns.map(\.key) == ["value", "trial", "minutes"])
        #expect(throws: StudiesError.self) {
            try SweepTable.explanation(
                ofRow: "nobody", column: "probe_error", in: "written", from: sweep.store.read)
        }
        #expect {
            try SweepTable.explanation(
                ofRow: "none", column: "nothing", in: "written", from: sweep.store.read)
        } throws: { "\($0)".contains("probe_error") }
    }

    @Test("advice has a row for each difference; a comparison shows the change")
    func adviceAndComparison() throws {
        let sweep = try StoredSweep(in: folder.url)
        let advice = try SweepTable.advice("written", from: sweep.store.read)
        #expect(!advice.rows.isEmpty)
        let other = try StoredSweep(
            in: folder.url.appending(path: "other"), probeError: { _, _ in 30 })
        let change = try SweepTable.comparison(
            of: "written", from: sweep.store.read, with: "written", from: other.store.read,
            names: ("before", "after"))
        #expect(value(change, "none", "probe_error_change") == 9)
    }

    @Test("two trials differ in seed, and in the settings of their rows")
    func difference() throws {
        let sweep = try StoredSweep(in: folder.url)
        let trials = try sweep.store.trials(of: "written")
        let table = TrialDetails.difference(trials[0], trials[3])
        #expect(table.rows.map(\.label).contains("augmentations"))
        #expect(table.rows.map(\.label).contains("probe_error"))
        #expect(!table.rows.map(\.label).contains("batch_size"))
    }

    @Test("findings: collapse is judged by the deviation of the whole embedding")
    func findings() throws {
        let sweep = try StoredSweep(
            in: folder.url, probeError: { _, seed in 78.9 + Double(seed) / 10 })
        let findings = try SweepFindings.make("written", from: sweep.store.read)
        // 0.2 times the root of 16 dimensions is no collapse; 79 of 80 degrees is nothing learnt. That
        // the accuracy is 30 points above the random encoder's in each seed has no interval.
        #expect(Set(findings.map(\.signature.kind)) == [.spatialFeaturesNotLearned])
        #expect(findings.count == 4)
        #expect(
            findings[0].signature.sentence.contains(
                "the probe's error is less than 20.0° below the random encoder's (79.0° against 80.0°"
            ))
        // The same in every seed: nothing is known of other seeds, and nothing is found.
        let equal = try StoredSweep(
            in: folder.url.appending(path: "equal"), probeError: { _, _ in 79 })
        #expect(try SweepFindings.make("written", from: equal.store.read) == [])
    }

    private static let chosen =
        StoredSweep.text.replacing("seeds: [0, 1, 2]", with: "seeds: 8")
        .replacing("evaluation:", with: "metrics: [error]\nevaluation:")

    private func difference(_ table: Table, _ row: String, _ column: String) -> (Double, Double?)? {
        guard let row = table.row(named: row),
            let index = table.columns.firstIndex(where: { $0.key == column + "_difference" }),
            case .difference(let difference, let p) = row.cells[index].content
        else { return nil }
        return (difference.pValue, p)
    }

    @Test("stars and p-values are the same in every table: the file's metrics are the family")
    func family() throws {
        let sweep = try StoredSweep(
            in: folder.url, text: Self.chosen,
            probeError: { row, seed in 20 - 2 * Double(row) + Double((seed * (row + 3)) % 8) / 8 })
        let store = sweep.store
        let whole = try SweepTable.make(
            "written", from: store.read, options: TableOptions(showsDifferences: true))
        // The file's choice is what is shown.
        #expect(
            whole.columns.map(\.key) == [
                "n", "probe_error", "probe_error_difference", "finetune_error",
                "finetune_error_difference",
            ])
        // Three rows, one metric: fine-tuning is not evaluated. 2 of 256 patterns of signs, by three.
        let expected = try #require(difference(whole, "Mixup", "probe_error"))
        #expect(expected.0 == 2.0 / 256 && expected.1 == 6.0 / 256)
        let more = try SweepTable.make(
            "written", from: store.read,
            options: TableOptions(metrics: EventFigure.all.map(\.name), showsDifferences: true))
        let found = try #require(difference(more, "Mixup", "probe_error"))
        #expect(found == expected)
        #expect(try #require(difference(more, "Mixup", "probe_accuracy")).1 == nil)
        let why = try SweepTable.explanation(
            ofRow: "Mixup", column: "probe_error_difference", in: "written", from: store.read)
        #expect(
            why.notes.contains(
                "p = 0.0078, 0.023 after correction, by exact sign flips over 8 pairs"))
        let advice = try SweepTable.advice("written", from: store.read)
        #expect(advice.caption.contains("k = 3"))
        #expect(advice.rows.first { $0.label == "Mixup" }?.cells[2].content == .text("better"))
        let report = try SweepReport.document("written", from: store.read)
        let differences = try #require(report.tables.first { $0.identifier == "differences" })
        #expect(try #require(difference(differences, "Mixup", "probe_error")) == expected)
        #expect(
            report.summary.contains {
                $0.hasPrefix("Linear probe, error, against “none”: better: “Mixup” (-")
                    && $0.contains("], 8 pairs)")
            })
    }

    @Test("a file's metrics are checked like all else; without them accuracy and error are tested")
    func metricsSection() throws {
        let sweep = try StoredSweep(in: folder.url)
        let table = try SweepTable.make(
            "written", from: sweep.store.read, options: TableOptions(showsDifferences: true))
        #expect(table.notes.contains { $0.contains("over 6 comparisons (3 rows;") })
        // Fine-tuned columns are the reference's alone: nothing of them is called untested.
        #expect(!table.notes.contains { $0.hasPrefix("Not tested") })
        for (wrong, message) in [
            ("metrics: [eror]", "did you mean 'error'?"), ("metrics: []", "give some of accuracy"),
            ("metrics: [error, error]", "twice"),
        ] {
            #expect {
                _ = try StoredSweep(
                    in: folder.url.appending(path: "faulty"),
                    text: StoredSweep.text + "\n" + wrong)
            } throws: { "\($0)".contains(message) }
        }
    }

    @Test("figures of quantities have columns where probes leave them, and are tested there alone")
    func quantities() throws {
        let text = StoredSweep.text.replacing(
            "evaluation: [random, probe, scratch]",
            with: "metrics: [error, distance_error]\nevaluation: [random, probe, finetune]"
        ).replacing("batch_size: 8}", with: "batch_size: 8, probe_targets: all}")
        let sweep = try StoredSweep(in: folder.url, text: text)
        let table = try SweepTable.make("written", from: sweep.store.read)
        #expect(
            table.columns.map(\.key) == [
                "n", "probe_error", "probe_distance_error", "finetune_error",
            ])
        let column = try #require(table.columns.first { $0.key == "probe_distance_error" })
        #expect(column.unit == "m" && column.decimals == 2)
        #expect(
            sweep.session.registration.testedNames == [
                "probe_error", "probe_distance_error", "finetune_error",
            ])
        // What was written down has none.
        #expect(
            table.notes.contains(
                "distance error: no trial has left it; name distance among probe_targets, which says "
                    + "what probes are asked for."))
    }

    @Test("times are minutes wherever a column says so")
    func minutes() throws {
        let sweep = try StoredSweep(in: folder.url)
        let trial = try #require(
            try sweep.store.trials(of: "written").first { $0.label == "none" && $0.seed == 1 })
        let why = try SweepTable.explanation(
            ofRow: "none", column: "probe_error", in: "written", from: sweep.store.read)
        let column = try #require(why.columns.firstIndex { $0.key == "minutes" })
        #expect(why.columns[column].unit == "min")
        #expect(why.rows[1].cells[column].value == trial.seconds / 60)
        let cost = try SweepTable.make(
            "written", from: sweep.store.read, options: TableOptions(showsCost: true))
        let own = try sweep.store.trials(of: "written").filter { $0.label == "none" }
        let mean = own.reduce(0) { $0 + $1.seconds } / Double(own.count) / 60
        #expect(abs(try #require(value(cost, "none", "minutes")) - mean) <= 1e-9 * mean)
    }

    @Test("a table of clips names the trials that it lacks")
    func clipsOfFailed() throws {
        let sweep = try StoredSweep(in: folder.url, fails: { row, seed in row == 1 && seed == 2 })
        let table = try SweepTable.clips("written", from: sweep.store.read)
        #expect(
            table.notes.contains(
                "“Mixup”: 2 of 3 seeds: seed 2 failed (written down as failed)"))
    }

    @Test("an attribution that lacks a subset says which seeds it is over, or that there are none")
    func unfinishedAttribution() throws {
        let sweep = try StoredSweep(in: folder.url, fails: { row, seed in row == 1 && seed == 2 })
        let some = try SweepTable.attributions(
            "written", from: sweep.store.read, metrics: ["error"])
        #expect(
            some.first?.notes.prefix(2) == [
                "Linear probe: error: over seeds 0 and 1.",
                "Linear probe: error: seed 2 left out, a subset is missing.",
            ])
        let none = try StoredSweep(
            in: folder.url.appending(path: "none"), fails: { row, _ in row == 1 })
        let empty = try SweepTable.attributions(
            "written", from: none.store.read, metrics: ["error"])
        #expect(empty.first?.notes == ["Linear probe: error: no seed has every subset finished."])
        #expect(empty.first?.rows.isEmpty == true)
    }

    @Test("the report is one page with its figures and their data, the same bytes each time")
    func report() throws {
        let sweep = try StoredSweep(in: folder.url, fails: { row, seed in row == 1 && seed == 2 })
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        let files = try SweepReport.write("written", from: sweep.store.read, to: layout).files
        let first = try Data(contentsOf: layout.report(ofSweep: "written"))
        let names = Set(files.map(\.lastPathComponent))
        for name in ["pretrain_loss", "azimuth-probe", "similarity-0", "confusion-probe-0"] {
            for suffix in ["svg", "pdf", "dat", "gp"] {
                #expect(names.contains("written-\(name).\(suffix)"))
            }
        }
        let page = String(decoding: first, as: UTF8.self)
        #expect(page.contains("written down as failed"))
        #expect(page.contains("11 of 12 trials are finished"))
        _ = try SweepReport.write("written", from: sweep.store.read, to: layout)
        #expect(try Data(contentsOf: layout.report(ofSweep: "written")) == first)
    }

    @Test("a figure that cannot be written is left out with its reason, and the rest is there")
    func figureThatFails() throws {
        let sweep = try StoredSweep(in: folder.url)
        let layout = ResultsLayout(root: folder.url.appending(path: "results").path)
        let whole = try SweepReport.write("written", from: sweep.store.read, to: layout)
        #expect(whole.undrawn.isEmpty)
        // A folder lies where the drawing goes.
        let drawing = layout.figures(ofSweep: "written")
            .appending(path: "written-azimuth-probe.svg")
        try FileManager.default.removeItem(at: drawing)
        try FileManager.default.createDirectory(
            at: drawing.appending(path: "x"), withIntermediateDirectories: true)
        let outcome = try SweepReport.write("written", from: sweep.store.read, to: layout)
        #expect(outcome.undrawn.count == 1)
        #expect(outcome.files.count == whole.files.count - 6)
        let reason = try #require(outcome.undrawn.first?.reason)
        #expect(reason.contains("written-azimuth-probe.svg"))
        let page = try String(contentsOf: layout.report(ofSweep: "written"), encoding: .utf8)
        #expect(page.contains("not drawn ("))
        // Page, text, and six files a figure.
        let figures = (whole.files.count - 2) / 6
        let drawn = page.components(separatedBy: #"<figure class="drawing""#).count - 1
        #expect(drawn == figures - 1)
    }
}
