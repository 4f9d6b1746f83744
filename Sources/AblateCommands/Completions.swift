package import ArgumentParser
import Foundation
import ResultsStore
import Studies
import Sweeps

/// What a shell offers for a word: names of sweeps, labels of rows, settings. Never a fault: where nothing is
/// known, nothing is offered.
package enum Completions {
    package static var ofSweeps: CompletionKind { .custom { words, _, _ in sweeps(words) } }
    package static var ofRows: CompletionKind { .custom { words, _, _ in rows(words) } }

    /// The names of the sweeps in the store that the command line means.
    package static func sweeps(_ words: [String]) -> [String] {
        (try? store(words)?.sweepNames()) ?? []
    }

    /// The rows of the first sweep that the command line names.
    package static func rows(_ words: [String]) -> [String] {
        guard let store = store(words), let names = try? store.allSweeps(),
            let sweep = words.first(where: { names.contains($0) }),
            let trials = try? store.trials(of: sweep)
        else { return [] }
        var seen: Set<String> = []
        return trials.map(\.label).filter { seen.insert($0).inserted }
    }

    /// Settings of all studies, as `-S` and `settings` take them.
    package static func settings() -> [String] {
        Ablate.catalogue.studies.flatMap { $0.schema.trial.map(\.key) }
    }

    /// What may stand behind `-S`.
    package static func overrides() -> [String] {
        let schemas = Ablate.catalogue.studies.map(\.schema)
        return ["seeds=", "scale="] + schemas.flatMap { $0.data.map { "data.\($0.key)=" } }
            + schemas.flatMap { $0.trial.flatMap { ["\($0.key)=", "base.\($0.key)="] } }
    }

    private static func store(_ words: [String]) -> ResultsStore? {
        func value(_ option: String) -> String? {
            guard let place = words.firstIndex(of: option), words.indices.contains(place + 1)
            else { return nil }
            return words[place + 1]
        }
        let layout = ResultsLayout(
            root: value("--results") ?? "results", database: value("--database"))
        return try? ResultsStore(readingFrom: layout.database.path)
    }
}
