import Digests
public import Foundation
public import ResultsStore
public import Studies

extension BuiltinStudy: StudyWithExhibits {
    public func exhibitions(of sweep: ExhibitedSweep) throws -> [Exhibition] {
        try [ClipExhibition(sweep).exhibition(), EmbeddingExhibition(sweep).exhibition()]
            .compactMap { $0 }
    }

    public func exhibits(
        _ request: ExhibitRequest, of sweep: ExhibitedSweep
    ) throws -> [Exhibit] {
        switch request.exhibition {
        case ClipExhibition.name: try ClipExhibition(sweep).exhibits(request)
        case EmbeddingExhibition.name: try EmbeddingExhibition(sweep).exhibits(request)
        default: throw StudiesError.nothingToShow(sweep: sweep.record.name)
        }
    }

    public func sound(
        _ number: Int, _ request: ExhibitRequest, of sweep: ExhibitedSweep
    ) throws -> Data? {
        guard request.exhibition == ClipExhibition.name else { return nil }
        return try ClipExhibition(sweep).sound(number, request)
    }

    public func files(of stage: StageRecord, in layout: ResultsLayout) -> [StageFile] {
        guard stage.kind == StageKind.pretrain.rawValue, stage.status == .finished else {
            return []
        }
        let file = layout.checkpoint(stage.digest)
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return [
            StageFile(
                name: "encoder", title: "pretrained encoder (safetensors)", url: file,
                fileName: "encoder-\(stage.digest.short).safetensors")
        ]
    }
}

extension ExhibitedSweep {
    /// Rows that a person may choose from; more are no choice.
    private static let mostRows = 60

    /// The first trial of each row.
    func firstTrials() throws -> [ListedTrial] {
        let rows = try store.rowCount(of: record.name)
        return try (0..<min(rows, Self.mostRows)).compactMap { row in
            try store.trialPage(of: record.name, row: row, count: 1).trials.first
        }
    }

    /// The trial that was chosen; the first where none was, or a wrong one.
    func trial(row: String?, seed: String? = nil) throws -> Digest? {
        let number = row.flatMap { Int($0) } ?? 0
        let trials = try store.trialPage(of: record.name, row: number, count: 200).trials
        return (trials.first { "\($0.seed)" == seed } ?? trials.first)?.digest
    }

    /// A trial's stage of a kind.
    func stage(_ kind: StageKind, of trial: Digest) throws -> StageRecord? {
        try store.stages(ofTrial: trial).lazy.map { try store.stage($0) }
            .first { $0.kind == kind.rawValue }
    }
}
