import Bridges
import CommandStudy
import Digests
import Foundation
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing
import ToyStudies

@Suite("A bundle")
struct BundleTests {
    private let toys: StoredToys
    private let catalogue = StudyCatalogue([ToyStudy()])

    init() throws { toys = try StoredToys() }

    private var file: URL { URL(filePath: toys.path("toys.tar.zst")) }

    private func pack() throws {
        _ = try SweepBundle(
            "toys", from: toys.store, ResultsLayout(root: toys.path("results")), program: "test 1"
        ).write(to: file)
    }

    private func unpack() throws -> BundleFolder {
        try BundleFolder(unpacking: file, to: toys.folder.url.appending(path: "out"))
    }

    @Test("has the sweep file, every trial, tables, report and a page that says so")
    func content() throws {
        try toys.finish(6)
        try toys.fail(6, reason: "no luck")
        try pack()
        let bundle = try unpack()
        let names = try FileManager.default.contentsOfDirectory(atPath: bundle.url.path)
        #expect(
            Set(names).isSuperset(of: [
                "README.md", "bundle.json", "sweep", "trials.csv", "curves.csv", "table.md",
                "table.tex", "report.html",
            ]))
        let source = try String(
            contentsOf: bundle.url.appending(path: "sweep/sweep.yaml"), encoding: .utf8)
        #expect(source == StoredToys.text)
        #expect(bundle.manifest.trials.count == 8)
        #expect(bundle.manifest.trials[5].metrics == ["chance_points": 5, "score_points": 21])
        #expect(bundle.manifest.trials[6].reason == "no luck")
        #expect(bundle.manifest.rows.count == 4 && bundle.manifest.builds == ["test"])
    }

    @Test("has the commits, core-hours and builds that its results come from")
    func provenance() throws {
        try toys.finish(2)
        try pack()
        let text = try String(
            contentsOf: unpack().url.appending(path: "README.md"), encoding: .utf8)
        #expect(text.contains("- core-hours: "))
    }

    @Test(
        "takes licences along that lie beside the data, and of a list the recordings that it names")
    func data() throws {
        let data = toys.folder
        try data.write(
            "path,label\na/one.wav,x\n\"b, c/two.wav\",y\nlost.wav,y\n", to: "d/list.csv")
        try data.write("1", to: "d/a/one.wav")
        try data.write("2", to: "d/b, c/two.wav")
        try data.write("private", to: "d/diary.txt")
        try data.write("as you like", to: "d/LICENSE.md")
        try data.write("cited", to: "d/licences/fluid.txt")
        let list = try #require(BundledData(["path": .text(toys.path("d/list.csv"))]))
        let names = list.licences.map(\.lastPathComponent)
        #expect(names == ["LICENSE.md", "fluid.txt"])
        let out = data.url.appending(path: "bundle")
        #expect(
            try list.copyLicences(to: out) == [
                "licences/LICENSE.md", "licences/licences-fluid.txt",
            ])
        #expect(try list.copyRecordings(to: out) == "data/list.csv")
        let copied = try FileManager.default.subpathsOfDirectory(atPath: out.path + "/data")
        #expect(Set(copied).isSuperset(of: ["list.csv", "a/one.wav", "b, c/two.wav"]))
        #expect(!copied.contains("diary.txt"))
        try data.write("path,label\n../secret.wav,x\n", to: "d/list.csv")
        #expect(throws: BundleError.self) {
            _ = try list.copyRecordings(to: data.url.appending(path: "other"))
        }
        #expect(BundledData(["path": .text("")]) == nil && BundledData([:]) == nil)
    }

    @Test("is there already, or has nothing to hand over: nothing is written")
    func refused() throws {
        #expect(throws: BundleError.nothingFinished(sweep: "toys")) { try pack() }
        try toys.finish(1)
        try pack()
        #expect(throws: BundleError.exists(path: file.relativePath)) { try pack() }
        #expect(throws: BundleError.unknownRow("sise 1", known: try unpack().manifest.rows)) {
            let out = toys.folder.url.appending(path: "again")
            _ = try BundleFolder(unpacking: file, to: out).rows(["sise 1"])
        }
    }

    @Test(
        "that has changed since is refused: a file, one more, one less, another name, format or seed",
        arguments: 0..<9)
    func changed(_ number: Int) throws {
        try toys.finish(2)
        try pack()
        let bundle = try unpack()
        let manifest = bundle.url.appending(path: "bundle.json")
        func edit(_ from: String, _ to: String) throws {
            let text = try String(contentsOf: manifest, encoding: .utf8)
            #expect(text.contains(from))
            try text.replacing(from, with: to).write(
                to: manifest, atomically: true, encoding: .utf8)
        }
        switch number {
        case 0:
            try "x".write(
                to: bundle.url.appending(path: "table.md"), atomically: true, encoding: .utf8)
        case 1:
            try "x".write(to: bundle.url.appending(path: "more"), atomically: true, encoding: .utf8)
        case 2: try FileManager.default.removeItem(at: bundle.url.appending(path: "trials.csv"))
        case 3: try edit("\"sweep\":\"toys\"", "\"sweep\":\"../toys\"")
        case 4: try edit("\"format\":1", "\"format\":2")
        // As many seeds as no plan may have; a trial twice; two labels of a row.
        case 5: try edit("\"isTuned\":false", "\"isTuned\":false,\"mostSeeds\":1000000000")
        case 6: try edit("\"seed\":1", "\"seed\":0")
        case 7: try edit("\"row\":1,", "\"row\":0,")
        default: try FileManager.default.removeItem(at: manifest)
        }
        let other = toys.folder.url.appending(path: "other.tar.zst")
        try ArchiveWriter.pack(bundle.url, to: other)
        let out = toys.folder.url.appending(path: "other")
        #expect(throws: BundleError.self) { _ = try BundleFolder(unpacking: other, to: out) }
        #expect(!FileManager.default.fileExists(atPath: out.path))
    }

    private func session(_ bundle: BundleFolder, runsPrograms: Bool = false) throws -> SweepSession
    {
        try bundle.session(
            data: nil, runsPrograms: runsPrograms, catalogue: catalogue,
            results: toys.folder.url.appending(path: "again"), notice: { _ in })
    }

    @Test("names the trials as they were named where it came from")
    func sameTrials() throws {
        try toys.finish(2)
        try pack()
        let bundle = try unpack()
        let trials = try session(bundle).registration.trials.map(\.id)
        #expect(trials == toys.registration.trials.map(\.id))
        #expect(trials.map(\.description) == bundle.manifest.trials.map(\.digest))
    }

    @Test("that gives a trial's digest to another trial is refused")
    func otherTrials() throws {
        try toys.finish(2)
        try pack()
        let bundle = try unpack()
        let place = bundle.url.appending(path: "bundle.json")
        let digests = bundle.manifest.trials.prefix(2).map(\.digest)
        let text = try String(contentsOf: place, encoding: .utf8)
            .replacing(digests[0], with: "?").replacing(digests[1], with: digests[0])
            .replacing("?", with: digests[1])
        try text.write(to: place, atomically: true, encoding: .utf8)
        let other = toys.folder.url.appending(path: "other.tar.zst")
        try ArchiveWriter.pack(bundle.url, to: other)
        let again = try BundleFolder(
            unpacking: other, to: toys.folder.url.appending(path: "other"))
        #expect(throws: BundleError.self) { try session(again) }
    }

    private func readMe(of bundle: BundleFolder) throws -> String {
        try String(contentsOf: bundle.url.appending(path: "README.md"), encoding: .utf8)
    }

    @Test(
        "what is no regular file is no bundle, and a pipe is not waited for",
        .timeLimit(.minutes(1)))
    func pipe() throws {
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect(
            throws: BundleError.unreadable(path: file.relativePath, reason: "it is no regular file")
        ) {
            _ = try unpack()
        }
    }

    @Test("of programs says that it brings none, and so does running it again")
    func withoutPrograms() throws {
        let folder = toys.folder
        try folder.write("", to: "programs/train.sh")
        try folder.write(
            """
            name: programs
            study: command
            command: [sh, train.sh]
            inputs: [train.sh]
            settings: {rate: {kind: number, default: 0.5}}
            figures: {accuracy: {better: higher}}
            parameters: {rate: [0.25, 1.5]}
            """, to: "programs/programs.yaml")
        let path = try folder.file("programs/programs.yaml").path
        let catalogue = StudyCatalogue([ProgramStudy()])
        let registration = try SweepSession(path: path, overrides: [], catalogue: catalogue)
            .registration
        let store = StudyStore(try ResultsStore(inMemory: .init()), catalogue)
        try store.store.register(registration)
        _ = try store.store.takeIn(
            registration.stages.map { stage in
                ForeignResult(
                    stage: stage.id,
                    attempt: StageAttempt(
                        outcome: .finished, result: StageResult(metrics: ["accuracy": 1]),
                        build: "test"))
            })
        func bundle(_ name: String, file: String?) throws -> (BundleFolder, [String]) {
            let archive = folder.url.appending(path: name + ".tar.zst")
            let outcome = try SweepBundle(
                "programs", from: store, ResultsLayout(root: toys.path("results")),
                program: "test 1", file: file
            ).write(to: archive)
            let bundle = try BundleFolder(
                unpacking: archive, to: folder.url.appending(path: name))
            return (bundle, outcome.remarks)
        }
        func session(_ bundle: BundleFolder) throws -> SweepSession {
            try bundle.session(
                data: nil, runsPrograms: true, catalogue: catalogue,
                results: folder.url.appending(path: "again"), notice: { _ in })
        }
        let (bare, remarks) = try bundle("bare", file: nil)
        #expect(remarks.contains { $0.contains("the programs that programs runs are not in it") })
        do {
            _ = try session(bare)
            Issue.record("it runs without its programs")
        } catch {
            #expect("\(error)".contains("brings none of the programs"), "\(error)")
            #expect("\(error)".contains("train.sh"), "\(error)")
        }
        #expect(
            try readMe(of: bare).contains(
                "The programs that the sweep runs are not in this bundle."))
        let (whole, others) = try bundle("whole", file: path)
        #expect(try readMe(of: whole).contains("-o FOLDER --run-programs\n"))
        #expect(!others.contains { $0.contains("programs") })
        #expect(try session(whole).registration.trials.map(\.id) == registration.trials.map(\.id))
    }

    @Test("what ran the sweep is read back word by word")
    func words() {
        for words in [["ablate", "run", "a b.yaml", "-S", "x='1'"], ["", "it's", "\\", "a'b c"]] {
            #expect(ShellWord.words(words.map(ShellWord.quoted).joined(separator: " ")) == words)
        }
    }

    // MARK: Comparison

    @Test("a figure is equal, where one more seed was to be expected, or different")
    func agreement() {
        // Mean 11, deviation 1, t of two degrees of freedom 4.302653: 4.302653 * sqrt(4/3) = 4.968275.
        let seeds = [10.0, 11, 12]
        let reach = Agreement.prediction(seeds)?.reach ?? 0
        #expect(abs(reach - 4.968275) < 1e-6)
        #expect(Agreement(of: 10, with: 10, seeds: seeds) == .equal)
        #expect(Agreement(of: 10.nextUp, with: 10, seeds: seeds) == .withinNoise)
        #expect(Agreement(of: 15.96, with: 10, seeds: seeds) == .withinNoise)
        #expect(Agreement(of: 15.97, with: 10, seeds: seeds) == .different)
        #expect(Agreement(of: 6.03, with: 10, seeds: seeds) == .different)
        #expect(Agreement(of: nil, with: 10, seeds: seeds) == .missing)
        #expect(Agreement(of: 10.5, with: 10, seeds: [10, 11]) == .undecided)
        #expect(Agreement(of: 10, with: 10, seeds: [10]) == .equal)
        // A width that double precision does not have is none.
        let apart = [1.7e308, -1.7e308, 50]
        #expect(Agreement.prediction(apart) == nil)
        #expect(Agreement(of: 51, with: 50, seeds: apart) == .undecided)
        // Seeds that never differ leave no room.
        #expect(Agreement(of: 10.5, with: 10, seeds: [10, 10, 10]) == .different)
    }

    @Test("a reproduction holds where every figure does, and says which do not")
    func report() throws {
        try toys.finish(8)
        try pack()
        let manifest = try unpack().manifest
        let same = ReproductionReport(manifest, rows: nil) { $0.metrics }
        #expect(same.holds && same.count(.equal) == 16)
        let label = manifest.rows[1]
        let other = ReproductionReport(manifest, rows: [label]) { trial in
            trial.seed == 0 ? ["score_points": 10.25, "chance_points": 5] : nil
        }
        #expect(!other.holds && other.rows == [label])
        #expect(other.count(.undecided) == 1 && other.count(.missing) == 2)
        let text = TableFormat.terminal.text(of: ReproductionTable.make(other, manifest))
        #expect(text.contains("score_points was 10.5, is 10.25"), "\(text)")
        #expect(text.contains("Not reproduced: 3 of 4 figures."))
        #expect(!ReproductionReport(manifest, rows: []) { $0.metrics }.holds)
        // A finished trial whose figures are gone is nothing that could be compared.
        var lacking = manifest
        let finished = try #require(lacking.trials.firstIndex { $0.status == "finished" })
        lacking.trials[finished].metrics = [:]
        let rest = ReproductionReport(lacking, rows: nil) { $0.metrics }
        #expect(!rest.holds && rest.count(.equal) == 14)
        let words = TableFormat.terminal.text(of: ReproductionTable.make(rest, lacking))
        #expect(words.contains("Not reproduced as a whole: the bundle lacks figures."), "\(words)")
        #expect(words.contains("1 finished trial of the bundle without any figure, such as"))
    }
}
