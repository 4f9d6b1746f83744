import Bridges
import CommandStudy
import Foundation
import Reports
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing

@Suite("Results of others")
struct ResultsImportTests {
    private let folder: TemporaryFolder
    private let session: SweepSession
    private let store: StudyStore
    private let name: String

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            name: old
            study: command
            command: [sh, train.sh]
            settings:
              rate: {kind: number, minimum: 0, default: 0.5}
              tricks: {kind: subset, options: [flip, crop], default: []}
              epochs: {kind: integer, minimum: 1, default: 4}
            figures:
              accuracy: {unit: "%", better: higher}
              error: {better: lower}
            parameters: {rate: [0.25, 1.5], tricks: {values: [[], [flip]]}}
            seeds: [0, 1]
            baseline: {rate: 0.25, tricks: []}
            """, to: "old.yaml")
        let catalogue = StudyCatalogue([ProgramStudy()])
        session = try SweepSession(
            path: folder.file("old.yaml").path, overrides: [], catalogue: catalogue, runs: false)
        store = StudyStore(try ResultsStore(inMemory: .init()), catalogue)
        name = try store.store.register(session.registration).sweep.description
    }

    private func read(
        _ text: String, as source: ResultsImport.Source = .csv
    ) throws -> [ForeignResult] {
        try folder.write(text, to: "in.txt")
        return try ResultsImport(session, session.registration).results(
            of: folder.file("in.txt").path, as: source
        ).results
    }

    private var place: String { folder.url.appending(path: "in.txt").path }

    private static let header = "rate,tricks,seed,accuracy,error\n"

    @Test("become trials by their settings and seeds, whatever the order of the columns")
    func lines() throws {
        let results = try read(
            "error,seed,accuracy,tricks,rate\n0.5,1,33.3,\"[\"\"flip\"\"]\",1.50\n1e-3,0,7,[],0.25\n"
        )
        #expect(try store.store.takeIn(results).new == 2)
        let trials = try store.store.trials(of: name).filter { $0.status == .finished }
        #expect(trials.map(\.seed) == [0, 1])
        #expect(trials[0].metrics == ["accuracy": 7, "error": 0.001])
        #expect(trials[1].metrics == ["accuracy": 33.3, "error": 0.5])
        #expect(
            trials[1].builds.count == 1 && trials[1].builds[0].hasPrefix("imported from in.txt ("))
    }

    @Test(
        "a table says below it which rows are not computed here; verdicts rest on seeds in common alone"
    )
    func marked() throws {
        var text = Self.header
        for seed in 0..<2 { text += "0.25,[],\(seed),\(10 + seed),1\n" }
        text += "1.5,[],1,30,1\n"
        _ = try store.store.takeIn(read(text))
        let table = try SweepTable.make(
            name, from: store, options: TableOptions(showsDifferences: true))
        let note = try #require(
            table.notes.first { $0.hasPrefix("Not computed here but imported") })
        #expect(note.contains("in.txt") && note.contains("rate 0.25"))
        let cell = try #require(
            table.rows[2].cells.first { if case .difference = $0.content { true } else { false } })
        let difference = "\(cell.content)"
        #expect(
            difference.contains("mean: 19.0") && difference.contains("count: 1"), "\(difference)")
    }

    @Test(
        "verdicts, variance, advice, clips and CSV say what came from a file, and what it cost is not known"
    )
    func markedEverywhere() throws {
        var text = Self.header
        for seed in 0..<2 {
            text += "0.25,[],\(seed),\(10 + seed),1\n1.5,[],\(seed),\(30 + 2 * seed),1\n"
        }
        _ = try store.store.takeIn(read(text))
        let note = "Not computed here but imported from in.txt"
        for table in [
            try SweepTable.verdicts(name, from: store), try SweepTable.variance(name, from: store),
            try SweepTable.advice(name, from: store), try SweepTable.clips(name, from: store),
        ] {
            #expect(table.notes.contains { $0.hasPrefix(note) }, "\(table.title): \(table.notes)")
        }
        let verdicts = LaTeXTable().text(of: try SweepTable.verdicts(name, from: store))
        #expect(verdicts.contains(note))
        let table = try SweepTable.make(name, from: store, options: TableOptions(showsCost: true))
        let rows = CSVTable().text(of: table).split(whereSeparator: \.isNewline)
            .filter { $0.contains("rate 0.25") }
        #expect(rows.contains { $0.contains("imported from in.txt") }, "\(rows)")
        let cost = try #require(table.columns.firstIndex { $0.key == "minutes" })
        #expect(table.rows[0].cells[cost].content == .notApplicable)
        #expect(!table.footnotes.contains { $0.contains("not measured") })
        let why = try SweepTable.explanation(
            ofRow: table.rows[0].label, column: "accuracy", in: name, from: store)
        #expect(why.notes.contains { $0.hasPrefix("imported from in.txt") }, "\(why.notes)")
        #expect(why.rows[0].cells.last?.content == .notApplicable)
    }

    @Test("what export has written comes in; lines that are not finished do not")
    func ownExport() throws {
        _ = try store.store.takeIn(
            read(
                Self.header
                    + "0.25,[],0,1,2\n0.25,[flip],1,3,4\n".replacing(
                        "[flip]", with: "\"[\"\"flip\"\"]\"")))
        let out = folder.url.appending(path: "out").path
        _ = try SweepExport(name, to: .csv, output: out).write(from: store)
        let results = try ResultsImport(session, session.registration).results(
            of: out + "/trials.csv", as: .csv
        ).results
        #expect(results.map(\.attempt.result.metrics).count == 2)
        #expect(try store.store.takeIn(results).known == 2)
    }

    @Test("a journal of Optuna has them as parameters, objectives and a seed")
    func optuna() throws {
        let study = #"{"op_code":0,"worker_id":"x","study_name":"s","directions":[2,1]}"#
        let names =
            #"{"op_code":3,"worker_id":"x","study_id":0,"system_attr":{"study:metric_names":["accuracy","error"]}}"#
        let begun = #"{"op_code":4,"worker_id":"x","study_id":0,"datetime_start":null}"#
        func parameter(_ name: String, _ value: String, _ distribution: String) -> String {
            #"{"op_code":5,"worker_id":"x","trial_id":0,"param_name":"\#(name)","param_value_internal":\#(value),"distribution":"\#(distribution)"}"#
        }
        let number =
            #"{\"name\":\"FloatDistribution\",\"attributes\":{\"step\":null,\"low\":0.0,\"high\":2.0,\"log\":false}}"#
        let choice =
            #"{\"name\":\"CategoricalDistribution\",\"attributes\":{\"choices\":[\"[]\",\"[flip]\"]}}"#
        let seed = #"{"op_code":8,"worker_id":"x","trial_id":0,"user_attr":{"seed":1}}"#
        let end =
            #"{"op_code":6,"worker_id":"x","trial_id":0,"state":1,"values":[12.5,0.25],"datetime_complete":null}"#
        let lines = [
            study, names, begun, parameter("rate", "1.5", number), parameter("tricks", "1", choice),
            seed, end,
            #"{"op_code":4,"worker_id":"x","study_id":0,"datetime_start":null,"state":3,"params":{},"distributions":{}}"#,
        ]
        let results = try read(lines.joined(separator: "\n") + "\n", as: .optuna)
        #expect(results.count == 1)
        #expect(results[0].attempt.result.metrics == ["accuracy": 12.5, "error": 0.25])
        _ = try store.store.takeIn(results)
        let trial = try #require(store.store.trials(of: name).first { $0.status == .finished })
        #expect(trial.row == 3 && trial.seed == 1)
        func with(_ name: String, _ value: String) -> String {
            (lines.prefix(5) + [parameter(name, value, number)] + lines.dropFirst(5)).joined(
                separator: "\n")
        }
        #expect(
            throws: ImportError.otherSetting(
                place: place + ", trial 0", key: "epochs", value: "7", here: "4")
        ) { try read(with("epochs", "7"), as: .optuna) }
        try folder.write(with("depth", "2"), to: "in.txt")
        #expect(
            try ResultsImport(session, session.registration).results(of: place, as: .optuna).remarks
                .first
                == "no setting of the sweep, and so left out: parameter 'depth'")
        #expect(
            throws: ImportError.unnamedObjectives(path: place, study: "s", count: 2)
        ) {
            try read(([study, begun] + [""]).joined(separator: "\n"), as: .optuna)
        }
    }

    @Test("a journal whose seed, figures and settings are whole numbers or texts")
    func optunaTexts() throws {
        let choice =
            #"{\"name\":\"CategoricalDistribution\",\"attributes\":{\"choices\":[\"none\",\"flip\"]}}"#
        let text =
            #"{\"name\":\"CategoricalDistribution\",\"attributes\":{\"choices\":[\"1.50\",\"0\"]}}"#
        let lines = [
            #"{"op_code":0,"worker_id":"x","study_name":"s","directions":[2,1]}"#,
            #"{"op_code":3,"worker_id":"x","study_id":0,"system_attr":{"study:metric_names":["accuracy","error"]}}"#,
            #"{"op_code":4,"worker_id":"x","study_id":0,"datetime_start":null,"state":1,"values":[12,0],"params":{"rate":0,"tricks":1,"seed":1},"distributions":{"rate":"\#(text)","tricks":"\#(choice)","seed":"\#(text)"}}"#,
        ]
        let results = try read(lines.joined(separator: "\n") + "\n", as: .optuna)
        #expect(results.map(\.attempt.result.metrics) == [["accuracy": 12, "error": 0]])
        let trial = try #require(
            session.registration.trials.first { $0.stages.contains(results[0].stage) })
        #expect(trial.row == 3 && trial.seed == 0)
    }

    @Test(
        "one fault and nothing comes in: an unknown row, seed or figure, a result twice, no number",
        arguments: [
            ("0.3,[],0,1,2\n", "no row with rate 0.3; its rows have 0.25, 1.5: write one of these"),
            (
                "0.25,flop,0,1,2\n",
                "no row with tricks flop; its rows have [], [flip]: write one of these, a set as [a, b], a+b or none"
            ),
            ("0.25,,0,1,2\n", "no row with tricks ''"), ("0.25,[],7,1,2\n", "no seed 7"),
            ("0.25,[],,1,2\n", "no seed; results without seeds"),
            ("0.25,[],x,1,2\n", "the seed is 'x', but must be a whole number from 0"),
            ("0.25,[],1.5,1,2\n", "the seed is '1.5'"), ("0.25,[],-1,1,2\n", "the seed is '-1'"),
            ("0.25,[],9007199254740993.0,1,2\n", "the seed is '9007199254740993.0'"),
            ("0.25,[],9007199254740993,1,2\n", "no seed 9007199254740993"),
            ("0.25,[],99999999999999999999,1,2\n", "whole number from 0 to 9223372036854775807"),
            ("0.25,[],0,much,2\n", "accuracy is 'much'"),
            ("0.25,[],0,nan,2\n", "accuracy is 'nan'"),
            ("0.25,[],0,5\u{0}71,2\n", "must be a finite number"),
            ("0.25,[],0,0x32,2\n", "accuracy is '0x32'"),
            ("0.25,[],0,1\n", "4 fields, where the header has 5"),
            ("0.25,[],0,1,2\n0.25,[],0,1,2\n", "was there before"),
        ])
    func faults(line: String, words: String) throws {
        do {
            _ = try read(Self.header + "1.5,[],0,1,2\n" + line)
            Issue.record("'\(line)' came in")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test("a text of any length is cut in a message")
    func longText() throws {
        let long = String(repeating: "a", count: 1_000_000)
        for line in ["0.25,\(long),0,1,2\n", "0.25,[],0,\(long),2\n", "0.25,[],\(long),1,2\n"] {
            let error = #expect(throws: ImportError.self) { try read(Self.header + line) }
            #expect("\(try #require(error))".utf8.count < 1_000)
        }
    }

    @Test(
        "what parts fields instead of commas is named, whether lines have commas in numbers or not",
        arguments: [(";", "semicolons"), ("\t", "tabs")])
    func separators(separator: String, name: String) throws {
        let header = Self.header.replacing(",", with: separator)
        for line in ["0.25,[],0,1,2\n", "0.25,[],0,\"1,5\",2\n", "0,25;[];0;1,5;2\n"] {
            let error = #expect(throws: ImportError.self) {
                try read(header + line.replacing(",", with: separator))
            }
            #expect("\(try #require(error))".contains("its fields are parted by \(name)"))
        }
    }

    @Test("a file that is not there, a folder, and bytes that are no text have a reason each")
    func unreadable() throws {
        let files = try ResultsImport(session, session.registration)
        func reason(_ path: String) throws -> String {
            "\(try #require(#expect(throws: ImportError.self) { try files.results(of: path, as: .csv) }))"
        }
        #expect(try reason(place).hasSuffix("cannot be read: it is not there; check the path"))
        #expect(try reason(folder.url.path).contains("it is a folder"))
        try Data([0x61, 0xFF, 0x0A]).write(to: URL(fileURLWithPath: place))
        #expect(try reason(place).contains("it is no text in UTF-8"))
    }

    @Test("columns that are missing are named")
    func columns() {
        #expect(
            throws: ImportError.missingColumns(
                path: place, columns: ["tricks", "seed", "accuracy", "error"])
        ) { try read("rate,loss\n1.5,3\n") }
    }

    @Test("a figure that is missing leaves its trial unfinished, and says so")
    func partial() throws {
        try folder.write(Self.header + "1.5,[],0,1,\n0.25,[],0,1,2\n", to: "in.txt")
        let (results, remarks) = try ResultsImport(session, session.registration).results(
            of: place, as: .csv)
        #expect(results.count == 1 && remarks.count == 1)
        #expect(
            remarks[0].hasPrefix(
                "1 of 2 results lack figures that the sweep asks for (error), such as "))
    }

    // MARK: What is left out is said

    private func reading(_ text: String) throws -> (results: [ForeignResult], remarks: [String]) {
        try folder.write(text, to: "in.txt")
        return try ResultsImport(session, session.registration).results(of: place, as: .csv)
    }

    @Test("lines whose status is another word are counted, and the words named")
    func otherStatus() throws {
        let header = "status," + Self.header
        let text =
            header + "finished,0.25,[],0,1,2\nCOMPLETE,0.25,[],1,1,2\nFinished,1.5,[],0,1,2\n"
            + "COMPLETE,1.5,[],1,1,2\n"
        let (results, remarks) = try reading(text)
        #expect(results.count == 1)
        #expect(
            remarks == [
                "3 of 4 lines are left out, whose status is not 'finished' but 'COMPLETE' (2), 'Finished' (1)"
            ])
        #expect(
            throws: ImportError.nothing(
                path: place,
                remarks: [
                    "1 of 1 lines are left out, whose status is not 'finished' but 'ok' (1)"
                ])
        ) { try reading(header + "ok,0.25,[],0,1,2\n") }
    }

    @Test("columns that are neither settings nor figures are named")
    func unknownColumns() throws {
        let (results, remarks) = try reading(
            "rate,tricks,seed,accuracy,error,Note,build\n0.25,[],0,1,2,x,y\n")
        #expect(results.count == 1)
        #expect(
            remarks == ["no varied setting and no figure, and so left out: column 'Note'"])
    }

    @Test("without all figures nothing comes in, which is a fault that names what lacks")
    func nothingWhole() throws {
        let remark = "no varied setting and no figure, and so left out: column 'Accuracy'"
        #expect(
            throws: ImportError.nothingWhole(path: place, lacking: ["accuracy"], remarks: [remark])
        ) { try reading("rate,tricks,seed,Accuracy,error\n0.25,[],0,1,2\n") }
        #expect(throws: ImportError.nothingWhole(path: place, lacking: ["error"], remarks: [])) {
            try reading("rate,tricks,seed,accuracy\n0.25,[],0,1\n")
        }
    }

    // MARK: What could mean two things

    @Test(
        "a column that is there twice is refused",
        arguments: [("accuracy", "accuracy,error"), ("rate", "rate,error"), ("seed", "seed,error")])
    func columnTwice(name: String, columns: String) {
        #expect(throws: ImportError.columnTwice(path: place, column: name)) {
            try reading("rate,tricks,seed,accuracy,\(columns)\n0.25,[],0,1,1,2\n")
        }
    }

    @Test("a label of another row than the settings' is refused; a word of its own is none")
    func otherLabel() throws {
        let labels = session.registration.rows.map(\.label)
        let header = "label," + Self.header
        #expect(
            throws: ImportError.otherLabel(
                place: place + ":2", label: labels[3], row: labels[0])
        ) { try reading(header + "\"\(labels[3])\",0.25,[],0,1,2\n") }
        #expect(try reading(header + "mine,0.25,[],0,1,2\n").results.count == 1)
        #expect(
            try reading("label,seed,accuracy,error\n\"\(labels[3])\",0,1,2\n").results.count == 1)
    }

    @Test("a setting that the sweep does not vary must be what its rows have, where a line says it")
    func otherSetting() throws {
        let header = "epochs," + Self.header
        #expect(
            throws: ImportError.otherSetting(
                place: place + ":2", key: "epochs", value: "7", here: "4")
        ) { try reading(header + "7,0.25,[],0,1,2\n") }
        let same = try reading(header + "4,0.25,[],0,1,2\n,0.25,[],1,1,2\n")
        #expect(same.results.count == 2 && same.remarks.isEmpty)
    }

    @Test(
        "blanks round fields are none of them, and a seed may be written as pandas writes whole numbers"
    )
    func blanks() throws {
        let plain = try reading(Self.header + "0.25,flip,1,1,2\n").results
        let blank = try reading(Self.header + "0.25, flip, 1.0, 1, 2\n").results
        #expect(plain.map(\.stage) == blank.map(\.stage))
        #expect(plain.map(\.attempt.result.metrics) == blank.map(\.attempt.result.metrics))
    }

    @Test("a set of one may be written as that one")
    func setOfOne() throws {
        let stages = try reading(Self.header + "0.25,flip,0,1,2\n").results.map(\.stage)
        #expect(
            try stages
                == reading(Self.header + "0.25,\"[\"\"flip\"\"]\",0,1,2\n").results.map(\.stage))
    }

    @Test(
        "settings may be called status, and options True and true; no program need be there to import"
    )
    func words() throws {
        try folder.write(
            """
            name: words
            study: command
            command: [./not-there.sh]
            settings:
              status: {kind: choice, options: [finished, frozen], default: finished}
              v: {kind: choice, options: ["True", "true"], default: "True"}
            figures: {accuracy: {better: higher}}
            parameters: {status: [finished, frozen], v: ["True", "true"]}
            """, to: "words.yaml")
        let path = try folder.file("words.yaml").path
        let catalogue = StudyCatalogue([ProgramStudy()])
        let error = #expect(throws: SweepFaults.self) {
            _ = try SweepSession(path: path, overrides: [], catalogue: catalogue)
        }
        #expect(
            "\(try #require(error))".contains(
                "words.yaml:3:10: there is no program './not-there.sh'"))
        let session = try SweepSession(
            path: path, overrides: [], catalogue: catalogue, runs: false)
        var text = "status,v,seed,accuracy\n"
        for row in session.registration.rows {
            let isFrozen = row.varied.contains("frozen")
            text += "\(isFrozen ? "frozen" : "finished"),"
            text += "\(row.varied.contains("True") ? "True" : "true"),0,\(row.index)\n"
        }
        try folder.write(text, to: "in.txt")
        let (results, remarks) = try ResultsImport(session, session.registration).results(
            of: place, as: .csv)
        let stages = Dictionary(
            uniqueKeysWithValues: session.registration.trials.map { ($0.stages, $0.row) })
        #expect(results.count == 4 && remarks.isEmpty)
        for result in results {
            let row = try #require(stages[[result.stage]])
            #expect(result.attempt.result.metrics == ["accuracy": Double(row)])
        }
    }

    @Test("none for a study that computes its own")
    func builtin() throws {
        let toys = try StoredToys()
        let catalogue = toys.store.catalogue
        try folder.write(StoredToys.text, to: "toys.yaml")
        let session = try SweepSession(
            path: folder.file("toys.yaml").path, overrides: [], catalogue: catalogue)
        #expect(throws: ImportError.notPrograms(sweep: "toys")) {
            _ = try ResultsImport(session, session.registration)
        }
    }
}
