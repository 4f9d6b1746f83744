import Foundation
import MCSimCLRStudy
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("Folders of a sweep's plans")
struct SweepFoldersTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }
    private var layout: ResultsLayout { ResultsLayout(root: scratch.url.path) }

    private func plan(seeds: Int, description: String = "Which?") throws -> SweepRegistration {
        try FileManager.default.createDirectory(
            at: scratch.url, withIntermediateDirectories: true)
        let file = scratch.url.appending(path: "plans.yaml")
        let text = """
            name: plans
            description: \(description)
            data: {source: builtin, clips: 40, classes: 4}
            base: {encoder: {channels: [8, 8, 8], recurrent_units: 8}, batch_size: 8}
            parameters:
              augmentations: {values: [[], [mixup]]}
            seeds: \(seeds)
            evaluation: [probe]
            """
        try Data(text.utf8).write(to: file)
        return try SweepSession(path: file.path, overrides: [], catalogue: .builtin).registration
    }

    /// Writes files as a run and a report do, with a text that says whose they are.
    private func write(_ sweep: String, _ text: String, _ store: ResultsStore) throws -> String {
        try SweepFolders(layout, store).write(sweep) { name in
            for file in [
                layout.table(ofSweep: name, kind: .comparison, fileExtension: "md"),
                layout.report(ofSweep: name),
            ] { try Data(text.utf8).write(to: file) }
            return name
        }
    }

    private func texts(_ folder: String) -> [String] {
        let url = layout.folder(ofSweep: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { $0 != ".plan" }.sorted().map {
            (try? String(contentsOf: url.appending(path: $0), encoding: .utf8)) ?? "?"
        }
    }

    @Test("the name is the folder of the plan in view; files of two plans never lie together")
    func moves() throws {
        let store = try ResultsStore(path: layout.database.path)
        try store.register(plan(seeds: 2))
        #expect(try write("plans@1", "first", store) == "plans")
        try store.register(plan(seeds: 1))
        try SweepFolders(layout, store).prepare("plans@2")
        #expect(texts("plans").isEmpty)
        #expect(texts("plans@1") == ["first", "first"])
        // Its run was still going on, and ends now.
        #expect(try write("plans@1", "first again", store) == "plans@1")
        #expect(try write("plans@2", "second", store) == "plans")
        #expect(texts("plans") == ["second", "second"])
        #expect(texts("plans@1") == ["first again", "first again"])
        // The first plan is run again: the folders change names.
        try store.register(plan(seeds: 2))
        try SweepFolders(layout, store).prepare("plans@1")
        #expect(texts("plans") == ["first again", "first again"])
        #expect(texts("plans@1").isEmpty)
        #expect(texts("plans@2") == ["second", "second"])
    }

    @Test("a folder without a mark is that of the plan that an earlier version registered")
    func unmarked() throws {
        let store = try ResultsStore(path: layout.database.path)
        try store.register(plan(seeds: 2))
        try store.execute(sql: "UPDATE sweeps SET registered = NULL")
        _ = try write("plans", "old", store)
        try FileManager.default.removeItem(
            at: layout.folder(ofSweep: "plans").appending(path: ".plan"))
        try store.register(plan(seeds: 1))
        _ = try write("plans", "new", store)
        #expect(texts("plans@1") == ["old", "old"])
        #expect(texts("plans") == ["new", "new"])
    }

    @Test("tables of a plan that the database does not have are set aside, and that is said")
    func strangers() throws {
        do {
            let store = try ResultsStore(path: layout.database.path)
            try store.register(plan(seeds: 2))
            _ = try write("plans", "of a database that is gone", store)
            try store.close()
        }
        try FileManager.default.removeItem(at: layout.database)
        let store = try ResultsStore(path: layout.database.path)
        try store.register(plan(seeds: 1))
        let stranger = try #require(try SweepFolders(layout, store).prepare("plans"))
        #expect(stranger.folder.lastPathComponent == "plans@other")
        #expect(texts("plans@other").count == 2)
        #expect(try SweepFolders(layout, store).prepare("plans") == nil)
        // The same plan in a new database is the same plan.
        let other = try ResultsStore(path: scratch.url.appending(path: "other.sqlite").path)
        try other.register(plan(seeds: 1))
        _ = try write("plans", "new", store)
        #expect(try SweepFolders(layout, other).prepare("plans") == nil)
        #expect(texts("plans") == ["new", "new"])
    }

    @Test("deleting takes a plan's tables, and leaves what else lies there")
    func deletion() throws {
        let store = try ResultsStore(path: layout.database.path)
        try store.register(plan(seeds: 2))
        _ = try write("plans", "first", store)
        try store.register(plan(seeds: 1))
        _ = try write("plans", "second", store)
        let folders = SweepFolders(layout, store)
        try Data("mine".utf8).write(
            to: layout.folder(ofSweep: "plans@1").appending(path: "notes.txt"))
        let files = try folders.files(of: store.deletion(of: "plans@2").revisions)
        _ = try store.deleteSweep("plans@2")
        #expect(folders.remove(files).map(\.lastPathComponent) == ["plans"])
        try folders.prepare("plans")
        #expect(texts("plans") == ["mine", "first", "first"])
        let rest = try folders.files(of: store.deletion(of: "plans").revisions)
        _ = try store.deleteSweep("plans")
        _ = folders.remove(rest)
        #expect(texts("plans") == ["mine"])
    }

    @Test("a name whose folder cannot be made is refused before anything runs")
    func taken() throws {
        _ = try plan(seeds: 1)
        try Data().write(to: layout.root.appending(path: "plans"))
        #expect(throws: StudiesError.self) { try layout.checkFolder(ofSweep: "plans") }
        let other = ResultsLayout(
            root: scratch.url.path, database: scratch.url.appending(path: "all.db").path)
        for name in ["all.db", "all.db-wal", "all.db-journal"] {
            #expect(throws: StudiesError.self) { try other.checkFolder(ofSweep: name) }
        }
        try other.checkFolder(ofSweep: "all.dbx")
    }
}
