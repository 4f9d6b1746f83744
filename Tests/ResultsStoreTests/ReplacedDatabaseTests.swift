import Foundation
import ResultsStore
import TestSupport
import Testing

@Suite("A database that is taken away while it is in use")
struct ReplacedDatabaseTests {
    @Test(
        "what would be written into a file that nobody finds again is refused",
        arguments: ["deleted", "folder deleted", "replaced", "moved"])
    func takenAway(how: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "results/ablate.sqlite").path
        let store = try ResultsStore(path: path)
        let sweep = sampleSweep()
        try store.register(sweep)
        let files = FileManager.default
        let results = folder.url.appending(path: "results").path
        switch how {
        case "deleted": try files.removeItem(atPath: path)
        case "folder deleted": try files.removeItem(atPath: results)
        case "moved": try files.moveItem(atPath: results, toPath: results + "-old")
        default:
            try files.removeItem(atPath: results)
            _ = try ResultsStore(path: path)
        }
        #expect(throws: StoreError.replaced(path: path)) {
            try store.finish(sweep.stages[0], ["scenes_value": 1])
        }
        // What was read before can be read still.
        #expect(try store.trials(of: sweep.name).count == 4)
    }
}
