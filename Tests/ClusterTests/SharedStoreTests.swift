import Cluster
import Digests
import Foundation
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("A store that several machines see")
struct SharedStoreTests {
    private let folder: TemporaryFolder
    private let layout: ResultsLayout

    init() throws {
        folder = try TemporaryFolder()
        layout = ResultsLayout(root: folder.url.path)
    }

    private func register(_ name: String, _ store: ResultsStore) throws {
        let stage = Stage(id: Digest(of: name), kind: "a", title: name)
        try store.register(
            SweepRegistration(
                name: name, rows: [PlannedRow(index: 0, label: "x")],
                trials: [PlannedTrial(id: stage.id, row: 0, seed: 0, stages: [stage.id])],
                stages: [stage]))
    }

    @Test("is one file that others read while it is worked on, and has all of it afterwards")
    func snapshots() throws {
        try SharedStore.withStore(layout, isShared: true) { try register("first", $0) }
        let reader = try ResultsStore(readingFrom: layout.database.path)
        try SharedStore.withStore(layout, isShared: true) { store in
            try register("second", store)
            #expect(try reader.sweepNames() == ["first"])
            #expect(try ResultsStore(readingFrom: layout.database.path).sweepNames() == ["first"])
        }
        let after = try ResultsStore(readingFrom: layout.database.path)
        #expect(try after.sweepNames() == ["first", "second"])
        // No log beside it, by which machines would disagree.
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(files == ["ablate.sqlite"])
    }

    @Test(
        "takes over what a run on one machine has left in the log, and stays as it is after a fault"
    )
    func logs() throws {
        let run = try ResultsStore(path: layout.database.path)
        try register("run", run)
        let names = try SharedStore.withStore(layout, isShared: true) { try $0.sweepNames() }
        #expect(names == ["run"])
        let before = try Data(contentsOf: layout.database)
        struct Fault: Error {}
        #expect(throws: Fault.self) {
            try SharedStore.withStore(layout, isShared: true) { store in
                try register("never", store)
                throw Fault()
            }
        }
        #expect(try Data(contentsOf: layout.database) == before)
        _ = run
    }
}
