import FlyingSocks
import Foundation
import Platform
public import Studies
import Synchronization

/// A live page over a store: read only, while runs write it, by any number of browsers.
///
/// What is particular to a study comes from the study (`Study/drawings(of:)`, `StudyWithExhibits`).
public final class Dashboard: Sendable {
    private let settings: DashboardSettings
    private let answers: Answers
    private let guardian: RequestGuard
    private let state = Mutex(State())

    /// Of each lane: more would take the machine from those who compute.
    private static let readers = 2

    private struct State {
        var threads: [WorkThread] = []
        var task: Task<Void, any Error>?
        var port: UInt16?
    }

    /// - Parameter layout: of results that need not be there yet.
    public init(_ layout: ResultsLayout, catalogue: StudyCatalogue, settings: DashboardSettings) {
        self.settings = settings
        let path = layout.database.path
        answers = Answers(
            layout: layout, catalogue: catalogue, watch: StoreWatch(path, catalogue),
            quick: ReadingLane(path, catalogue), slow: ReadingLane(path, catalogue),
            queue: ReadingLane(path, catalogue))
        let own = ProcessInfo.processInfo.hostName
        guardian = RequestGuard(
            token: settings.isLoopback ? nil : RequestGuard.newToken(),
            names: ["localhost", own, String(own.split(separator: ".").first ?? "")])
    }

    /// Listens; returns when browsers can connect.
    ///
    /// Throws: ``DashboardError``, `PlatformError` where there are no threads to be had.
    public func start() throws {
        let threads =
            try [answers.watch.start()]
            + answers.quick.start("quick answers", threads: Self.readers)
            + answers.slow.start("slow answers", threads: Self.readers)
            + answers.queue.start("queue", threads: 1)
        state.withLock { $0.threads = threads }
        let server = PageServer(settings, PageHandler(guardian: guardian, answers: answers))
        let outcome = Monitor<Result<UInt16, any Error>?>(nil)
        let task = Task {
            do {
                try await server.run { port in outcome.update { $0 = $0 ?? .success(port) } }
            } catch {
                outcome.update { $0 = $0 ?? .failure(error) }
                throw error
            }
        }
        let port = try listened(outcome.wait(seconds: 10) { $0 })
        state.withLock { ($0.task, $0.port) = (task, port) }
    }

    private func listened(_ outcome: Result<UInt16, any Error>?) throws -> UInt16 {
        switch outcome {
        case .success(let port): return port
        case .failure(let error as DashboardError): throw error
        case .failure(let error):
            if case SocketError.failed(_, let number, let message) = error {
                if number == EADDRINUSE { throw DashboardError.portTaken(settings.port) }
                throw DashboardError.cannotListen(address: address, reason: message)
            }
            throw DashboardError.cannotListen(address: address, reason: "\(error)")
        case nil:
            throw DashboardError.cannotListen(address: address, reason: "it takes too long")
        }
    }

    /// What to open in a browser, with the token where one is needed.
    public var address: String {
        let port = state.withLock { $0.port } ?? settings.port
        let isEverywhere = ["0.0.0.0", "::"].contains(settings.host)
        let host = isEverywhere ? ProcessInfo.processInfo.hostName : settings.bracketedHost
        return "http://\(host):\(port)/" + (guardian.token.map { "?token=\($0)" } ?? "")
    }

    /// Ends connections and threads. A thread that is not to be stopped at once, in the middle of a
    /// table, is left to the end of the process: it only reads.
    public func stop() {
        answers.watch.stop()
        answers.quick.stop()
        answers.slow.stop()
        answers.queue.stop()
        let (threads, task) = state.withLock { ($0.threads, $0.task) }
        task?.cancel()
        for thread in threads { _ = thread.join(seconds: 0.2) }
    }
}
