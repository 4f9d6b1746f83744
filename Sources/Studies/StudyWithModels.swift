public import Foundation

/// A study that hands over what its rows have learnt, as files that stand by themselves.
public protocol StudyWithModels: Study {
    /// Writes the model of a row, with what a stranger must know of it; returns the name of the file.
    ///
    /// - Parameters:
    ///   - row: a row's label.
    ///   - folder: is there.
    ///   - name: of the file, without an ending.
    /// - Throws: where there is none, in words for the user.
    func writeModel(
        ofRow row: String, of sweep: String, in store: StudyStore, _ layout: ResultsLayout,
        to folder: URL, name: String
    ) throws -> String
}
