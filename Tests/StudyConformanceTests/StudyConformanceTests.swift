import Digests
import Foundation
import Orchestration
import Reports
import ResultsStore
import Studies
import StudyConformance
import Sweeps
import Synchronization
import TestSupport
import Testing

@Suite("The promises of a study, put to the test")
struct StudyConformanceTests {
    private func violations(_ slip: Slip?) throws -> [String] {
        let folder = try TemporaryFolder()
        try folder.write("name: slips\nparameters: {size: [1, 2]}\n", to: "slips.yaml")
        let session = try SweepSession(
            path: folder.url.appending(path: "slips.yaml").path, overrides: [],
            catalogue: StudyCatalogue([SlippingStudy(slip: slip)]))
        return try StudyConformance(session, in: folder.url.appending(path: "trials"))
            .violations()
    }

    @Test("a study that keeps them has no violation")
    func kept() throws {
        #expect(try violations(nil) == [])
    }

    @Test("each slip is found and named", arguments: Slip.allCases)
    func slips(_ slip: Slip) throws {
        let found = try violations(slip)
        #expect(found.contains { $0.hasPrefix(slip.sentence) }, "\(found)")
    }
}

/// A way in which a study breaks its word, with the beginning of the sentence that says so.
enum Slip: CaseIterable {
    case failing, missingFigure, notANumber, fileClaimedBefore, fileDenied, otherOrder
    case sharedState, halfLeftByStop, failsWhenStopped, fileElsewhere, missingFileNotSaid
    case damageNotSaid, fileClaimedAfter, keepsInMemory, halfLeftInTheMiddle, neverLooks
    case undeclaredFile, undeclaredFileElsewhere

    var sentence: String {
        switch self {
        case .failing: "score size 1, seed 0 fails: broken"
        case .missingFigure:
            "score size 1, seed 0 leaves no score_points, which tables show"
        case .notANumber: "score size 1, seed 0 leaves score_points nan"
        case .fileClaimedBefore: "the file of prepare is said to be there before the stage has run"
        case .fileDenied: "the file of prepare is said to be missing after the stage has run"
        case .otherOrder:
            "score size 1, seed 0 has other results when it is run again, after others, by another "
                + "worker"
        case .sharedState: "score size 1, seed 0 has other results when it"
        case .halfLeftByStop: "prepare has other results when it is stopped and run again"
        case .failsWhenStopped: "prepare fails instead of stopping: broken"
        case .fileElsewhere: "the file of prepare is not in the cache under the stage's digest"
        case .missingFileNotSaid:
            "score size 1, seed 0 does not say by MissingArtifacts that the file of prepare is gone"
        case .damageNotSaid:
            "score size 1, seed 0 has other results with the file of prepare cut off"
        case .fileClaimedAfter: "the file of prepare is said to be there when it is gone"
        case .halfLeftInTheMiddle:
            "prepare has other results when it is stopped in the middle and run again"
        case .neverLooks: "score size 1, seed 0 never asks whether it is cancelled"
        case .undeclaredFile, .undeclaredFileElsewhere:
            self == .undeclaredFile
                ? "cache/slips/" : "notes.txt is left in the results folder, but no stage declares"
        case .keepsInMemory:
            "score size 1, seed 0 does not say by MissingArtifacts that the file of prepare is gone"
        }
    }
}

/// Broken on purpose.
private struct Broken: Error, CustomStringConvertible {
    let description = "broken"
}

/// A study of two stages that makes at most one slip.
private struct SlippingStudy: Study {
    let slip: Slip?
    let name = "slips"
    let schema = SettingsSchema(
        trial: [
            SettingDescriptor(
                key: "size", kind: .integer(1...9), defaultValue: .integer(1), summary: "size")
        ], data: [], evaluations: ["score"], figures: ["points"])
    let stages = [
        StageDefinition(name: "prepare", usesSeed: false, leavesFile: true, settings: []),
        StageDefinition(name: "score", needs: ["prepare"], settings: ["size"]),
    ]
    let evaluations = [EvaluationDefinition(stage: "score")]
    let figures = [FigureDefinition(name: "points", better: .higher)]

    func prepare(_ plan: SweepPlan, context: StudyContext) throws -> any PreparedStudy {
        Prepared(slip: slip)
    }

    private struct Prepared: PreparedStudy {
        let slip: Slip?
        var dataDigest: Digest { Digest(of: "slips") }
        var facts: [String: String] { [:] }

        func executor(_ layout: ResultsLayout) -> any StageExecutor {
            SlippingExecutor(slip: slip, layout: layout)
        }
    }
}

private final class SlippingExecutor: StageExecutor {
    private static let text = "content"
    private let slip: Slip?
    private let layout: ResultsLayout
    private let executed = Atomic(0)
    /// What a slip keeps in memory.
    private let kept = Mutex<String?>(nil)

    init(slip: Slip?, layout: ResultsLayout) {
        self.slip = slip
        self.layout = layout
    }

    private func file(_ digest: Digest) -> URL {
        slip == .fileElsewhere
            ? layout.root.appending(path: "elsewhere.txt")
            : layout.cachedFile(digest, in: "slips", ending: "txt")
    }

    func hasArtifact(_ stage: Stage) -> Bool {
        switch slip {
        case .fileClaimedBefore: return true
        case .fileDenied: return false
        case .fileClaimedAfter where executed.load(ordering: .relaxed) > 0: return true
        default: break
        }
        return stage.kind != "prepare"
            || FileManager.default.fileExists(atPath: file(stage.id).path)
    }

    func execute(_ stage: Stage, context: StageContext) throws -> StageResult {
        let place = executed.add(1, ordering: .relaxed).oldValue
        return stage.kind == "prepare"
            ? try prepare(stage, context) : try score(stage, context, place: place)
    }

    private func prepare(_ stage: Stage, _ context: StageContext) throws -> StageResult {
        try layout.createFolders(inCache: ["slips"])
        let isRest = FileManager.default.fileExists(atPath: file(stage.id).path)
        if context.isCancelled() {
            if slip == .halfLeftByStop { try Data().write(to: file(stage.id)) }
            throw slip == .failsWhenStopped ? Broken() : CancellationError()
        }
        for step in 1...4 where context.isCancelled() {
            if slip == .halfLeftInTheMiddle, step > 1 { try Data().write(to: file(stage.id)) }
            throw CancellationError()
        }
        try Data(Self.text.utf8).write(to: file(stage.id))
        let tellsRest = slip == .halfLeftByStop || slip == .halfLeftInTheMiddle
        return StageResult(details: tellsRest ? ["goes on": "\(isRest)"] : [:])
    }

    private func score(
        _ stage: Stage, _ context: StageContext, place: Int
    ) throws -> StageResult {
        if slip == .failing { throw Broken() }
        if slip != .neverLooks, context.isCancelled() { throw CancellationError() }
        if slip == .undeclaredFile { try Data("more".utf8).write(to: file(stage.id)) }
        if slip == .undeclaredFileElsewhere {
            try Data().write(to: layout.root.appending(path: "notes.txt"))
        }
        let needed = stage.dependencies[0]
        var content = try? String(contentsOf: file(needed), encoding: .utf8)
        if slip == .keepsInMemory {
            kept.withLock { $0 = $0 ?? content }
            content = kept.withLock { $0 }
            if content == nil { throw Broken() }
        }
        guard let content else {
            if slip == .missingFileNotSaid { throw Broken() }
            throw MissingArtifacts(stages: [needed], reason: "gone")
        }
        if content != Self.text, slip != .damageNotSaid {
            throw MissingArtifacts(stages: [needed], reason: "damaged")
        }
        var points = Double(content.count)
        switch slip {
        case .notANumber: points = .nan
        case .otherOrder: points += Double(context.worker)
        case .sharedState: points += Double(place)
        default: break
        }
        let name = slip == .missingFigure ? "score_other" : "score_points"
        return StageResult(metrics: [name: points])
    }
}
