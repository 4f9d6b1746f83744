import Cluster
import CommandStudy
import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import TestSupport
import Testing

@Suite("Results in a shared folder")
struct ExchangeTests {
    private let folder: TemporaryFolder
    private let exchange: Exchange

    init() throws {
        folder = try TemporaryFolder()
        exchange = Exchange(
            folder: ExchangeFolder(ResultsLayout(root: folder.url.path)))
        try exchange.folder.createFolders()
    }

    private static let stage = Stage(id: Digest(of: "a"), kind: "probe", title: "probe none")

    private func record(
        _ value: Double = 0.1, outcome: AttemptOutcome = .finished, host: String = "n1"
    ) -> ExchangeRecord {
        ExchangeRecord(
            stage: Self.stage, outcome: outcome, reason: outcome == .failed ? "no" : nil,
            started: 1.5, seconds: 2.25, peakMemory: 77, build: "b", host: host, job: "12_3",
            log: "a line\n",
            result: StageResult(
                metrics: ["accuracy": value, "third": 1.0 / 3],
                curves: ["loss": [CurvePoint(step: 1, value: .infinity)]],
                details: ["note": "ä \"quoted\" / \u{1F600}"]))
    }

    @Test("a result is read back as it was written, to the last bit")
    func roundTrip() throws {
        for value in [0.1, -0.0, 5e-324, 1e300, 0.1 + 0.2] {
            exchange.folder.forget([Self.stage.id])
            #expect(try exchange.publish(record(value)) == .kept)
            let read = try #require(exchange.record(Self.stage.id))
            #expect(read == record(value))
            #expect(read.metrics["accuracy"]?.bitPattern == value.bitPattern)
        }
    }

    @Test("a result that no stage can have left is none, and gives way to one that can")
    func impossible() throws {
        let strict = Exchange(
            folder: exchange.folder,
            fault: { name, value in
                name == "accuracy" && value > 100 ? "more than all" : nil
            })
        var slow = record()
        slow.seconds = -1e300
        var large = record()
        large.peakMemory = -1
        var early = record()
        early.started = -1e300
        for bad in [record(.infinity), record(.nan), record(101), slow, large, early] {
            exchange.folder.forget([Self.stage.id])
            _ = try exchange.publish(bad)
            #expect(strict.record(Self.stage.id) == nil)
            #expect(try strict.publish(record(5)) == .kept)
            #expect(strict.record(Self.stage.id) == record(5))
        }
    }

    @Test("a pipe or a device in the place of a result is none, and nothing waits for it")
    func noFiles() throws {
        let path = exchange.folder.record(Self.stage.id).path
        #expect(mkfifo(path, 0o600) == 0)
        #expect(exchange.record(Self.stage.id) == nil)
        unlink(path)
        #expect(symlink("/dev/zero", path) == 0)
        #expect(exchange.record(Self.stage.id) == nil)
        #expect(try exchange.publish(record()) == .kept)
        #expect(exchange.record(Self.stage.id) == record())
    }

    @Test("a file that is cut off, changed in a byte, or of another stage is none")
    func torn() throws {
        _ = try exchange.publish(record())
        let url = exchange.folder.record(Self.stage.id)
        let whole = try Data(contentsOf: url)
        #expect(ExchangeRecord(whole, of: Digest(of: "b")) == nil)
        for place in stride(from: 0, to: whole.count, by: 7) {
            #expect(ExchangeRecord(whole.prefix(place), of: Self.stage.id) == nil)
            var changed = whole
            changed[place] ^= 1
            #expect(ExchangeRecord(changed, of: Self.stage.id) == nil, "byte \(place)")
        }
        try whole.prefix(50).write(to: url)
        #expect(exchange.record(Self.stage.id) == nil)
        #expect(try exchange.publish(record()) == .kept)
        #expect(exchange.record(Self.stage.id) == record())
    }

    @Test(
        "the first result stays; the same again is known, another one is kept beside it and named")
    func twice() throws {
        #expect(try exchange.publish(record(0.5)) == .kept)
        #expect(try exchange.publish(record(0.5, host: "n2")) == .known)
        let other = try exchange.publish(record(0.25, host: "n2"))
        #expect(other == .differs("probe none: accuracy is 0.5 here and 0.25 there"))
        #expect(exchange.record(Self.stage.id)?.metrics["accuracy"] == 0.5)
        #expect(exchange.folder.records().differing.count == 1)
    }

    @Test("a result takes the place of a failure, a failure never that of a result")
    func failures() throws {
        #expect(try exchange.publish(record(outcome: .failed)) == .kept)
        #expect(try exchange.publish(record(outcome: .failed, host: "n2")) == .known)
        #expect(try exchange.publish(record(0.5)) == .kept)
        #expect(try exchange.publish(record(outcome: .failed)) == .known)
        #expect(exchange.record(Self.stage.id)?.outcome == .finished)
    }

    @Test(
        "where results come from is kept with the sweep of their submission, once, however often one collects"
    )
    func origins() throws {
        let layout = ResultsLayout(root: folder.url.path)
        let store = try ResultsStore(inMemory: .init())
        let other = Stage(id: Digest(of: "b"), kind: "probe", title: "probe all")
        try store.register(
            SweepRegistration(
                name: "s", rows: [PlannedRow(index: 0, label: "none")],
                trials: [
                    PlannedTrial(
                        id: Digest(of: "t"), row: 0, seed: 0, stages: [Self.stage.id, other.id])
                ],
                stages: [Self.stage, other]))
        let commit = String(repeating: "ab", count: 20)
        try folder.write(
            """
            {"format": 1, "name": "s-1", "sweep": "s", "path": "s.yaml", "copy": "s.yaml", "overrides": [],
             "folder": "/", "results": "/", "database": "/", "program": "/", "tasks": [], "finished": [],
             "jobs": [], "repository": {"commit": "\(commit)", "isChanged": true}}
            """, to: "exchange/submissions/s-1/submission.json")
        func record(_ stage: Stage, started: Double, host: String) -> ExchangeRecord {
            ExchangeRecord(
                stage: stage, outcome: .finished, started: started, seconds: 5, host: host,
                job: "7",
                submission: "s-1", program: "1234", result: StageResult(metrics: ["accuracy": 1]))
        }
        let collector = Collector(layout, catalogue: StudyCatalogue([ProgramStudy()]))
        _ = try exchange.publish(record(Self.stage, started: 100, host: "n1"))
        _ = try exchange.publish(record(other, started: 103, host: "n2"))
        for _ in 0..<2 { _ = try collector.collect(into: store) }
        let runs = try SweepProvenance("s", from: store).runs
        #expect(runs.count == 1)
        #expect(runs.first?.repository == RepositoryState(commit: commit, isChanged: true))
        #expect(runs.first?.program == "1234" && runs.first?.stages == 2)
        #expect(runs.first?.started == 100 && runs.first?.seconds == 8)
        #expect(try store.runs(of: "s").map(\.workers) == [2])
    }

    @Test("a link that was made and reported as failed counts as made, and nothing is left over")
    func lyingLink() throws {
        var lying = exchange
        lying.calls.link = { from, to in
            _ = link(from, to)
            errno = EEXIST
            return -1
        }
        #expect(try lying.publish(record()) == .kept)
        #expect(exchange.record(Self.stage.id) == record())
        lying.calls.link = { _, _ in
            errno = EPERM
            return -1
        }
        exchange.folder.forget([Self.stage.id])
        #expect(try lying.publish(record()) == .kept)
        #expect(try lying.publish(record()) == .known)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: exchange.folder.root.path)
        #expect(names.filter { $0.hasSuffix(".part") } == [])
    }

    @Test("a rename that was done and reported as failed counts as done")
    func lyingRename() throws {
        let url = folder.url.appending(path: "x.json")
        var calls = SharedFile.Calls()
        calls.rename = { from, to in
            _ = rename(from, to)
            errno = ENOENT
            return -1
        }
        try SharedFile.replace(Data("new".utf8), at: url, calls: calls)
        #expect(SharedFile.read(url) == Data("new".utf8))
        calls.rename = { _, _ in
            errno = ENOSPC
            return -1
        }
        #expect(throws: PlatformError.self) {
            try SharedFile.replace(Data("newer".utf8), at: url, calls: calls)
        }
        #expect(SharedFile.read(url) == Data("new".utf8))
    }
}

@Suite("Leases")
struct LeaseTests {
    private let folder: TemporaryFolder
    private let url: URL

    init() throws {
        folder = try TemporaryFolder()
        url = folder.url.appending(path: "x.json")
    }

    @Test("one of many threads gets it; it is free again when given back")
    func exclusive() throws {
        let count = Monitor(0)
        let url = url
        let threads = try (0..<8).map { number in
            try WorkThread(name: "\(number)", cancel: {}) {
                if let lease = try? Lease.take(url, job: "") {
                    count.update { $0 += 1 }
                    _ = count.wait(seconds: 0.2) { _ in Optional<Void>.none }
                    lease.release()
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(count.withLock { $0 } >= 1)
        let lease = try #require(try Lease.take(url, job: "7"))
        #expect(try Lease.take(url, job: "8") == nil)
        #expect(Lease.holder(of: url)?.job == "7")
        lease.release()
        let next = try #require(try Lease.take(url, job: "8"))
        // The first one gives nothing back twice.
        lease.release()
        #expect(Lease.holder(of: url)?.job == "8")
        next.release()
    }

    @Test("that of a process of this machine which is gone is free at once")
    func dead() throws {
        var process = ProcessIdentity.current
        process.processStart = "1"
        let holder = Lease.Holder(host: "here", job: "", process: process, number: 1)
        try JSONEncoder().encode(holder).write(to: url)
        var watch = LeaseWatch(url, patience: 1000)
        let isFree = watch.isFree()
        #expect(isFree)
        #expect(try Lease.take(url, job: "") != nil)
    }

    @Test("that of another machine is free when nothing is heard of it, whatever its clock says")
    func silent() throws {
        var process = ProcessIdentity.current
        process.boot = "another machine's"
        let holder = Lease.Holder(host: "there", job: "", process: process, number: 1)
        try JSONEncoder().encode(holder).write(to: url)
        var watch = LeaseWatch(url, patience: 0.2)
        for minutes in [-30.0, 30, -90] {
            // Signs of life, by clocks that go wrong.
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: 60 * minutes)],
                ofItemAtPath: url.path)
            let isFree = watch.isFree()
            #expect(!isFree)
            usleep(150_000)
        }
        usleep(100_000)
        let isFree = watch.isFree()
        #expect(isFree)
        #expect(!FileManager.default.fileExists(atPath: url.path))
    }
}
