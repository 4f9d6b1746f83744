import Analysis
import Foundation
import MCSimCLR
import MCSimCLRStudy
import Reports
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("Intervals from test clips", .serialized)
struct ClipIntervalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func prediction(
        _ recording: Int, clip: Int, isRight: Bool = true, error: Double = 5
    ) -> Prediction {
        Prediction(
            recording: recording, clip: clip, label: 1, predictedLabel: isRight ? 1 : 2, azimuth: 0,
            predictedAzimuth: error * .pi / 180)
    }

    @Test("recordings of one clip, and clips of one group, are one cluster")
    func clusters() {
        let predictions = [
            prediction(0, clip: 4), prediction(1, clip: 4), prediction(2, clip: 5),
            prediction(3, clip: 6),
        ]
        #expect(EventPredictions.clusters(of: predictions, groups: []) == [4, 4, 5, 6])
        #expect(
            EventPredictions.clusters(of: predictions, groups: [0, 1, 2, 3, 9, 9, 8]) == [
                9, 9, 9, 8,
            ])
    }

    @Test("several predictions of one recording, one a source, stay together")
    func overlapping() {
        let predictions = [
            prediction(0, clip: 1), prediction(0, clip: 2), prediction(1, clip: 2),
            prediction(1, clip: 3),
        ]
        #expect(EventPredictions.clusters(of: predictions, groups: []) == [1, 1, 2, 2])
    }

    @Test("every metric has its interval around its value, in the metric's unit")
    func metrics() throws {
        let predictions = (0..<60).map {
            prediction($0, clip: $0 / 2, isRight: $0 % 3 > 0, error: Double($0 % 30))
        }
        let stored = EventPredictions(predictions, groups: [])
        for figure in EventFigure.all.filter({ $0.target == nil }).map(\.name)
        where figure != "within_5" {
            let interval = try #require(stored.interval(of: figure))
            let value = try #require(stored.value(of: figure))
            #expect(interval.contains(value), "\(figure) \(value) \(interval)")
            #expect(interval.upper - interval.lower > 1 && interval.upper - interval.lower < 40)
        }
    }

    @Test("errors of quantities have intervals where predictions have the quantities")
    func quantities() throws {
        let predictions = (0..<60).map { number in
            var prediction = prediction(number, clip: number / 2)
            prediction.quantities = [
                .init(.rt60, truth: 0.5, predicted: 0.5 + 0.01 * Double(number % 10))
            ]
            return prediction
        }
        let stored = EventPredictions(predictions, groups: [])
        let value = try #require(stored.value(of: "rt60_error"))
        #expect(abs(value - 0.045) < 1e-9)
        let interval = try #require(stored.interval(of: "rt60_error"))
        #expect(interval.contains(value) && interval.upper - interval.lower < 0.03)
        #expect(stored.itemValues(of: "rt60_error")?.count == 60)
        #expect(stored.interval(of: "volume_error") == nil)
        #expect(stored.itemValues(of: "volume_error") == nil)
    }

    @Test("a table of its own shows each trial with its interval, and says what it is")
    func table() throws {
        let sweep = try StoredSweep(in: folder.url)
        let table = try SweepTable.clips(
            "written", from: sweep.store.read, metrics: ["accuracy", "error"])
        let row = try #require(table.rows.last { $0.label == "Mixup" })
        let column = try #require(table.columns.firstIndex { $0.key == "probe_error" })
        guard case .estimate(let value, let interval?) = row.cells[column].content else {
            Issue.record("no interval")
            return
        }
        #expect(value == 20)
        #expect(interval.lower < 20 && interval.upper > 20)
        // What left no predictions has its figure alone.
        let random = try #require(table.row(named: "random encoder"))
        #expect(random.cells[column].content == .estimate(80, nil))
        #expect(table.notes.contains { $0.contains("from its 2 predictions on 2 clips") })
        // Neither a deviation nor the mark of the best: that is another table's business.
        #expect(!TerminalTable().text(of: table).contains(" ± 1"))
        #expect(!table.hasBest)
    }

    @Test("why shows the interval of each trial; the page of the report too")
    func answers() throws {
        let sweep = try StoredSweep(in: folder.url)
        let answer = try SweepTable.explanation(
            ofRow: "Mixup", column: "probe_error", in: "written", from: sweep.store.read)
        let shown = answer.rows.map { row in
            if case .estimate(_, .some) = row.cells[0].content { true } else { false }
        }
        #expect(shown == [true, true, true])
        #expect(answer.notes.contains { $0.hasPrefix("[ ]: 95 % interval of one trial") })
        let reference = try SweepTable.explanation(
            ofRow: "random encoder", column: "probe_error", in: "written", from: sweep.store.read)
        #expect(!reference.notes.contains { $0.hasPrefix("[ ]") })
        let page = try SweepReport.document("written", from: sweep.store.read)
        let fact = page.trials[0].metrics.first { $0.name == "probe_error" }
        #expect(fact?.value.hasPrefix("20 [") == true)
        #expect(page.trialNotes.count == 2)
    }

    @Test("a crossed sweep's rows are compared with their own baselines, through the store")
    func crossed() throws {
        let text = StoredSweep.text
            .replacing("design: powerset\n", with: "baseline: {augmentations: []}\n")
            .replacing("[mixup, channel_drop]", with: "[[], [mixup]]")
            .replacing("parameters:\n", with: "parameters:\n  batch_size: [16, 32]\n")
            .replacing("none: {", with: "\"none, batch_size 16\": {")
        let sweep = try StoredSweep(in: folder.url, text: text) { row, _ in [30, 24, 20, 17][row] }
        let table = try SweepTable.make(
            "written", from: sweep.store.read,
            options: TableOptions(metrics: ["error"], showsDifferences: true))
        let column = try #require(table.columns.firstIndex { $0.key == "probe_error_difference" })
        #expect(table.rows.prefix(4).map { $0.cells[column].value } == [nil, -6, nil, -3])
        #expect(
            table.rows.prefix(4).map(\.versus)
                == [nil, table.rows[0].label, nil, table.rows[2].label])
        let advice = try SweepTable.advice("written", from: sweep.store.read)
        #expect(advice.footnotes.map { $0.hasPrefix("vs “") } == [true, true])
        // Without what the store did not keep in earlier versions, the first baseline is everybody's.
        try sweep.store.execute(sql: "UPDATE rows SET baseline = NULL")
        let old = try SweepTable.make(
            "written", from: sweep.store.read,
            options: TableOptions(metrics: ["error"], showsDifferences: true))
        #expect(old.rows.prefix(4).map { $0.cells[column].value } == [nil, -6, -10, -13])
    }

    @Test("intervals by bootstrap are the same each time")
    func bootstrap() throws {
        let sweep = try StoredSweep(
            in: folder.url,
            probeError: { row, seed in 20 - 2 * Double(row) + Double(seed * (row + 1)) })
        let options = TableOptions(showsDifferences: true, interval: .bootstrap)
        let first = try SweepTable.make("written", from: sweep.store.read, options: options)
        #expect(try SweepTable.make("written", from: sweep.store.read, options: options) == first)
        #expect(
            first.notes.contains { $0.contains("BCa bootstrap's 95 % interval (9,999 resamples)") })
    }
}
