import Dashboard
import Digests
import Foundation
import Orchestration
import Platform
import ResultsStore
import Studies
import Sweeps
import TestSupport
import Testing
import ToyStudies

/// The page as it is asked for, over a store that comes later and changes.
@Suite("The page")
struct DashboardTests {
    private let folder: TemporaryFolder
    private let layout: ResultsLayout
    private let catalogue = StudyCatalogue([ToyStudy()])

    init() throws {
        folder = try TemporaryFolder()
        layout = ResultsLayout(root: folder.url.appending(path: "results").path)
    }

    private struct Silence: RunObserver {
        func event(_ event: RunEvent) {}
    }

    private func run(_ text: String) throws -> StudyRun {
        try folder.write(text, to: "toys.yaml")
        try layout.createFolders()
        let study = try StudyRun(
            SweepSession(
                path: folder.file("toys.yaml").path, overrides: [], catalogue: catalogue),
            layout: layout, store: StudyStore(ResultsStore(path: layout.database.path), catalogue))
        let limits = StudyRun.Limits(workers: 2, memory: 1 << 30, build: "test")
        _ = try study.prepared(
            StudyRun.Choice(study.registration.trials), limits, observer: Silence()
        ).run()
        return study
    }

    /// Tests wait for answers, and must not take the threads that give them.
    private func serving(
        _ settings: DashboardSettings = DashboardSettings(port: 0),
        _ body: @escaping @Sendable (UInt16, Dashboard) throws -> Void
    ) async throws {
        let outcome = Monitor<Result<Void, any Error>?>(nil)
        let thread = try WorkThread(
            name: "browser", cancel: {},
            body: { [self] in
                let result = Result { try serve(settings, body) }
                outcome.update { $0 = result }
            })
        while outcome.withLock({ $0 == nil ? true : false }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        thread.join()
        try outcome.withLock { $0 }?.get()
    }

    private func serve(
        _ settings: DashboardSettings, _ body: (UInt16, Dashboard) throws -> Void
    ) throws {
        let page = Dashboard(layout, catalogue: catalogue, settings: settings)
        try page.start()
        defer { page.stop() }
        let port = try #require(URLComponents(string: page.address)?.port)
        try body(UInt16(port), page)
    }

    private static let toys = """
        name: toys
        description: What is a <bonus> worth?
        parameters: {size: [1, 2], bonus: [0, 3]}
        seeds: [0, 1]
        baseline: {size: 1, bonus: 0}
        """

    @Test("a store that is not there yet is shown as soon as it is, without a word from anybody")
    func laterStore() async throws {
        try await serving { port, _ in
            #expect(try Connection.answer(port: port, "/api/sweeps").contains(#""exists":false"#))
            let events = try Connection(port: port)
            defer { events.end() }
            events.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let first = events.read(until: "\"results\":")
            #expect(first.contains("text/event-stream"))
            _ = try run(Self.toys)
            #expect(events.read(until: "data: ").contains("\"version\":"))
            let sweeps = try Connection.answer(port: port, "/api/sweeps")
            #expect(sweeps.contains(#""exists":true"#) && sweeps.contains(#""finished":8"#))
        }
    }

    @Test("its table is that of 'table', with its numbers; text from files is escaped")
    func table() async throws {
        _ = try run(Self.toys)
        try await serving { port, _ in
            let answer = try Connection.answer(
                port: port, "/api/table?sweep=toys&sort=score_points&down=1")
            let rows = answer.components(separatedBy: "data-row=").dropFirst()
            #expect(rows.first?.contains("size 2, bonus 3") == true)
            #expect(answer.contains("23.5"))
            #expect(answer.contains("&lt;bonus&gt;") && !answer.contains("<bonus>"))
            #expect(
                try Connection.answer(port: port, "/api/sweep?sweep=toys").contains(
                    #""name":"score","#))
        }
    }

    @Test("a trial has its settings, figures, stages and the command that runs it again")
    func trial() async throws {
        let study = try run(Self.toys)
        let trial = study.registration.trials[3]
        try await serving { port, _ in
            let answer = try Connection.answer(port: port, "/api/trial?digest=\(trial.id)")
            #expect(answer.contains(#""label":"size 1, bonus 3""#) && answer.contains(#""seed":1"#))
            #expect(answer.contains("--rerun \(trial.id.short)"))
            #expect(answer.contains(#""name":"score_points","value":"14""#))
        }
    }

    @Test("trials come in pages, and by where they stand")
    func trials() async throws {
        _ = try run(Self.toys)
        try await serving { port, _ in
            let page = try Connection.answer(port: port, "/api/trials?sweep=toys&from=6&count=5")
            #expect(page.contains(#""total":8"#))
            #expect(page.components(separatedBy: #""digest""#).count == 3)
            #expect(
                try Connection.answer(port: port, "/api/trials?sweep=toys&status=failed")
                    .contains(#""total":0"#))
        }
    }

    @Test("unknown sweeps and addresses are told, and nothing else is given away")
    func unknown() async throws {
        _ = try run(Self.toys)
        try await serving { port, _ in
            #expect(
                try Connection.answer(port: port, "/api/sweep?sweep=nothing").contains(#""fault":"#)
            )
            for path in [
                "/api/nothing", "/../Package.swift", "/file?stage=../../x&name=encoder",
                "/%2e%2e/etc/passwd", "/file?stage=00&name=/etc/passwd",
            ] {
                let answer = try Connection.answer(port: port, path)
                #expect(answer.hasPrefix("HTTP/1.1 404"), "\(path): \(answer.prefix(60))")
            }
        }
    }

    @Test("other hosts and other methods are refused; headers forbid whatever is from elsewhere")
    func strangers() async throws {
        try await serving { port, _ in
            #expect(
                try Connection.answer(port: port, "/", host: "evil.example").hasPrefix(
                    "HTTP/1.1 403"))
            #expect(
                try Connection.answer(port: port, "/", method: "POST").hasPrefix("HTTP/1.1 405"))
            let page = try Connection.answer(port: port, "/")
            #expect(page.contains("default-src 'none'") && page.contains("frame-ancestors 'none'"))
            #expect(!page.contains("http://") && !page.contains("https://"))
        }
    }

    @Test("served to others it asks for its token, and keeps it in a cookie")
    func token() async throws {
        try await serving(DashboardSettings(host: "0.0.0.0", port: 0)) { port, page in
            let token = try #require(URLComponents(string: page.address)?.queryItems?.first?.value)
            #expect(try Connection.answer(port: port, "/").hasPrefix("HTTP/1.1 403"))
            let first = try Connection.answer(port: port, "/?token=\(token)")
            #expect(first.hasPrefix("HTTP/1.1 303") && first.contains("HttpOnly"))
            #expect(
                try Connection.answer(
                    port: port, "/api/sweeps", headers: "Cookie: ablate_token=\(token)\r\n"
                ).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("a taken port and a host that is none are told with what to do")
    func faults() async throws {
        try await serving { port, _ in
            #expect(throws: DashboardError.portTaken(port)) {
                try serve(DashboardSettings(port: port)) { _, _ in }
            }
        }
        await #expect(throws: DashboardError.badHost("example")) {
            try await serving(DashboardSettings(host: "example", port: 0)) { _, _ in }
        }
        #expect("\(DashboardError.portTaken(8990))".contains("--port"))
    }
}
