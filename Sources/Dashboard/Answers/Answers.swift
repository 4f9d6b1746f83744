import Cluster
import Digests
import Foundation
import Reports
import ResultsStore
import Studies

/// What each address of the page answers.
///
/// Answers are made on reading lanes, of several threads: quick ones, those that may take seconds, and those that
/// ask a batch system, which may not answer at all, each in a lane of their own.
struct Answers: Sendable {
    let layout: ResultsLayout
    let catalogue: StudyCatalogue
    let watch: StoreWatch
    let quick: ReadingLane
    let slow: ReadingLane
    let queue: ReadingLane
    let cache = AnswerCache()
    let tables = TableShelf()

    /// What an answer changes with.
    private enum Basis {
        /// Anything at all, such as a step of a running stage.
        case progress
        /// Results and plans.
        case results
    }

    private struct Question {
        var basis: Basis
        var isSlow: Bool
        var make: @Sendable (StudyStore, Query) throws -> Data
    }

    /// - Parameter path: without the query, decoded.
    func answer(_ path: String, _ query: Query) async -> Answer {
        if let file = PageFiles.answer(path) { return file }
        switch path {
        case "/api/sweeps": return await sweeps()
        case "/api/machine": return await machine()
        case "/api/queue": return await queue(query)
        case "/file": return await file(query)
        case "/sound": return await sound(query)
        default: break
        }
        guard path.hasPrefix("/api/"), let question = question(String(path.dropFirst(5))) else {
            return path.hasPrefix("/api/")
                ? .text("There is nothing at this address.", status: 404) : .nothingHere
        }
        return await answer(path, query, question)
    }

    // MARK: Questions about one store

    private func question(_ name: String) -> Question? {
        let layout = layout
        let tables = tables
        switch name {
        case "sweep":
            return Question(basis: .progress, isSlow: false) { store, query in
                try JSONAnswer.data(SweepOverview(try query.sweep(), store))
            }
        case "notes":
            return Question(basis: .results, isSlow: true) { store, query in
                try JSONAnswer.data(SweepOverview.notes(query.sweep(), store))
            }
        case "provenance":
            return Question(basis: .results, isSlow: true) { store, query in
                try JSONAnswer.data(SweepOverview.provenance(query.sweep(), store))
            }
        case "table":
            return Question(basis: .results, isSlow: true) { store, query in
                let kind = query["kind"].flatMap(TableAnswer.Kind.init) ?? .figures
                let sweep = try query.sweep()
                let (key, isDescending) = (query["sort"], query.flag("down"))
                let first = query.number("from", 0...10_000_000, default: 0)
                let count = query.number("count", 1...200, default: 50)
                let page =
                    kind == .trials
                    ? try TableAnswer(
                        trialsOf: sweep, store, sortedBy: key, isDescending: isDescending,
                        from: first, count: count) : nil
                var answer =
                    try page
                    ?? TableAnswer(
                        tables.table(kind, sweep, store), sortedBy: key,
                        isDescending: isDescending, from: first, count: count)
                answer.hasClaims = try SweepTable.hasClaims(sweep, in: store)
                // Its rows are claims: whether the sweep has a baseline, the other tables say.
                if kind == .claims {
                    answer.hasBaseline = try tables.table(.figures, sweep, store).hasBaseline
                }
                return try JSONAnswer.data(answer)
            }
        case "figures":
            return Question(basis: .results, isSlow: true) { store, query in
                let figures = try SweepFigures(
                    query.sweep(), from: store, readsStages: query.flag("stages"))
                return try JSONAnswer.data(
                    query.flag("stages") ? figures.ofStages : figures.ofTable)
            }
        case "curves":
            return Question(basis: .progress, isSlow: true) { store, query in
                let rows = query["rows"].map { $0.split(separator: ",").compactMap { Int($0) } }
                return try JSONAnswer.data(CurvesAnswer(query.sweep(), rows: rows, store))
            }
        case "trials":
            return Question(basis: .progress, isSlow: false) { store, query in
                try JSONAnswer.data(
                    TrialListAnswer(
                        query.sweep(), row: query["row"].flatMap(Int.init), status: query["status"],
                        from: query.number("from", 0...10_000_000, default: 0),
                        count: query.number("count", 1...200, default: 50), store.store))
            }
        case "row":
            return Question(basis: .results, isSlow: false) { store, query in
                let sweep = try query.sweep()
                let digest = try store.store.firstTrial(ofRow: query["row"] ?? "", in: sweep)
                let trial = try digest.flatMap {
                    try store.store.trials(of: sweep, only: $0).first
                }
                return try JSONAnswer.data(["row": trial?.row ?? -1])
            }
        case "trial":
            return Question(basis: .progress, isSlow: false) { store, query in
                guard let digest = Digest(query["digest"] ?? "") else {
                    throw StoreError.unknownStage(query["digest"] ?? "")
                }
                guard
                    let sweep = try query["sweep"] ?? store.store.sweep(ofTrial: digest)
                else { throw StoreError.unknownStage(digest.description) }
                return try JSONAnswer.data(TrialAnswer(digest, of: sweep, store, layout))
            }
        case "rows":
            return Question(basis: .results, isSlow: true) { store, query in
                try JSONAnswer.data(
                    RowPairAnswer(
                        query["first"] ?? "", query["second"] ?? "", of: query.sweep(), store))
            }
        case "exhibitions":
            return Question(basis: .results, isSlow: true) { store, query in
                guard let (study, sweep) = try? Self.exhibited(query, store, layout) else {
                    return try JSONAnswer.data([Exhibition]())
                }
                return try JSONAnswer.data(study.exhibitions(of: sweep))
            }
        case "exhibit":
            return Question(basis: .results, isSlow: true) { store, query in
                let (study, sweep) = try Self.exhibited(query, store, layout)
                return try JSONAnswer.data(
                    study.exhibits(query.exhibit, of: sweep))
            }
        default: return nil
        }
    }

    private func answer(_ path: String, _ query: Query, _ question: Question) async -> Answer {
        let moment = watch.moment ?? .init()
        let mark = question.basis == .progress ? moment.version : moment.results
        let lane = question.isSlow ? slow : quick
        do {
            return Answer(
                try await cache.data("\(path)?\(query.key)", mark: mark) {
                    try await lane.read { store in
                        guard let store else {
                            throw StoreError.missing(path: layout.database.path)
                        }
                        return try question.make(store, query)
                    }
                })
        } catch {
            return Self.fault(error)
        }
    }

    /// The page shows the words; a status of its own would be noise in the browser's console.
    private static func fault(_ error: any Error) -> Answer {
        let fault = JSONAnswer.Fault(fault: "\(error)")
        return Answer((try? JSONAnswer.data(fault)) ?? Data("{}".utf8))
    }

    private func sweeps() async -> Answer {
        let (layout, program) = (layout, catalogue.program)
        do {
            return Answer(
                try await cache.data("sweeps", mark: watch.moment?.version ?? 0) {
                    try await quick.read {
                        try JSONAnswer.data(SweepList($0, layout: layout, program: program))
                    }
                })
        } catch {
            return Self.fault(error)
        }
    }

    private func machine() async -> Answer {
        let layout = layout
        do {
            return Answer(
                try await quick.read { store in
                    let running = (try? store?.store.runningStages()) ?? []
                    return try JSONAnswer.data(
                        MachineAnswer(
                            disk: layout.root, processes: running.compactMap { $0.process?.pid }))
                })
        } catch {
            return Self.fault(error)
        }
    }

    /// A queue that all users share is asked rarely, however many browsers look.
    private func queue(_ query: Query) async -> Answer {
        let layout = layout
        let moment = Int(ProcessInfo.processInfo.systemUptime / Self.secondsBetweenQueues)
        do {
            return Answer(
                try await cache.data("queue?\(query.key)", mark: moment) {
                    try await queue.read { _ in
                        let sweep = try query.sweep()
                        return try JSONAnswer.data(
                            QueueAnswer(sweep, ClusterStatus(layout, sweep: sweep)))
                    }
                })
        } catch {
            return Self.fault(error)
        }
    }

    private static let secondsBetweenQueues = 15.0

    // MARK: Files and sounds

    private func file(_ query: Query) async -> Answer {
        let layout = layout
        let found = try? await quick.read { store -> StageFile? in
            guard let store, let digest = Digest(query["stage"] ?? "") else { return nil }
            let stage = try store.store.stage(digest)
            return store.catalogue.studies.lazy
                .compactMap { $0 as? any StudyWithExhibits }
                .flatMap { $0.files(of: stage, in: layout) }
                .first { $0.name == query["name"] }
        }
        guard let file = found, FileManager.default.isReadableFile(atPath: file.url.path)
        else { return .text("This stage has left no such file, or it is gone.", status: 404) }
        return Answer(file: file.url, named: file.fileName)
    }

    private func sound(_ query: Query) async -> Answer {
        let layout = layout
        let sound = try? await slow.read { store -> Data? in
            guard let store else { return nil }
            let (study, sweep) = try Self.exhibited(query, store, layout)
            let number = query.number("number", 0...1000, default: 0)
            return try study.sound(number, query.exhibit, of: sweep)
        }
        guard let data = sound else {
            return .text("There is no such sound.", status: 404)
        }
        return Answer(data, type: "audio/wav")
    }

    private static func exhibited(
        _ query: Query, _ store: StudyStore, _ layout: ResultsLayout
    ) throws -> (any StudyWithExhibits, ExhibitedSweep) {
        let record = try store.store.sweep(query.sweep())
        guard let study = try store.catalogue.study(of: record) as? any StudyWithExhibits else {
            throw StudiesError.nothingToShow(sweep: record.name)
        }
        return (study, ExhibitedSweep(record: record, store: store.store, layout: layout))
    }
}

extension Query {
    /// Throws: `StoreError.unknownSweep(name:known:)` where none is named.
    fileprivate func sweep() throws -> String {
        guard let sweep = self["sweep"] else { throw StoreError.unknownSweep(name: "", known: []) }
        return sweep
    }

    fileprivate var exhibit: ExhibitRequest {
        ExhibitRequest(self["exhibition"] ?? "", choices: all)
    }
}
