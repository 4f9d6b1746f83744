public import Foundation
import MCSimCLR
import ResultsStore
public import Studies

extension BuiltinStudy: StudyWithModels {
    public func writeModel(
        ofRow row: String, of sweep: String, in store: StudyStore, _ layout: ResultsLayout,
        to folder: URL, name: String
    ) throws -> String {
        let encoder = try TrainedEncoder(row: row, seed: nil, of: sweep, in: store, layout)
        let file = "\(name).safetensors"
        try encoder.checkpoint.write(
            to: folder.appending(path: file), stage: encoder.stage.digest, card: try encoder.card)
        return file
    }
}
