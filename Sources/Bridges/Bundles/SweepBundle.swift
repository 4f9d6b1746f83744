import Digests
import Files
package import Foundation
import Platform
import Reports
import ResultsStore
package import Studies
import Sweeps

/// A sweep as one file that a stranger can read, check and run again.
package struct SweepBundle {
    package var sweep: String
    package var store: StudyStore
    package var layout: ResultsLayout
    /// What makes it: `ablate 0.1.0`.
    package var program: String
    /// The sweep's file, beside which its programs lie; nil where they are not handed over.
    package var file: String?
    /// The labels of the rows whose models go with it.
    package var models: [String]
    /// Whether the recordings go with it.
    package var hasRecordings: Bool

    package init(
        _ sweep: String, from store: StudyStore, _ layout: ResultsLayout, program: String,
        file: String? = nil, models: [String] = [], hasRecordings: Bool = false
    ) {
        (self.sweep, self.store, self.layout) = (sweep, store, layout)
        (self.program, self.file, self.models) = (program, file, models)
        self.hasRecordings = hasRecordings
    }

    /// What was packed.
    package struct Outcome: Sendable {
        package var files: Int
        /// Units: bytes.
        package var size: Int
        /// What the reader must know, a sentence each.
        package var remarks: [String]
    }

    /// Throws: ``BundleError``, `StoreError`; nothing is left then.
    package func write(to output: URL) throws -> Outcome {
        guard !FileManager.default.fileExists(atPath: output.path) else {
            throw BundleError.exists(path: output.relativePath)
        }
        let record = try store.store.sweep(sweep)
        let state = try ExportedSweep(sweep, from: store)
        guard state.trials.contains(where: { $0.record.status == .finished }) else {
            throw BundleError.nothingFinished(sweep: record.name)
        }
        let workplace = FileManager.default.temporaryDirectory
            .appending(path: "ablate-bundle-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: workplace) }
        let folder = workplace.appending(path: record.name)
        var remarks: [String] = []
        try addSweep(record, to: folder, &remarks)
        let ofSweep = remarks
        if file == nil, !state.study.commandLines.isEmpty {
            remarks.append(
                "the programs that \(state.name) runs are not in it, and nobody can run it again without them: name "
                    + "the sweep's file in the place of '\(sweep)', and they go along")
        }
        try FlatTables.trials(of: state).put(folder, "trials.csv")
        try FlatTables.curves(of: state).put(folder, "curves.csv")
        try addReport(to: workplace, folder, &remarks)
        try addLogs(of: state, to: folder)
        let names = try addModels(of: state, to: folder)
        var manifest = BundleManifest(
            record, trials: state.trials.map(\.record), study: state.study, program: program)
        manifest.data.notes = try SweepTable.dataNotes(of: sweep, from: store.store)
        let provenance = try SweepProvenance(sweep, from: store.store)
        manifest.provenance = provenance.facts.map { .init(name: $0.name, value: $0.value) }
        manifest.repository = provenance.runs.compactMap(\.repository).last
        try addData(record, to: folder, &manifest)
        try BundleReadMe.text(
            manifest, models: names, hasPrograms: file != nil, notes: ofSweep
        )
        .put(folder, "README.md")
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            var isFolder: ObjCBool = false
            let url = folder.appending(path: name)
            if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                manifest.files[name] = BundleManifest.file(try Data(contentsOf: url))
            }
        }
        try SortedJSON.text(of: manifest).put(folder, BundleManifest.name)
        if manifest.isTuned {
            remarks.append(
                "the rows of \(state.name) were tuned: who has the bundle runs its sweep file, 'reproduce' cannot run "
                    + "them again one by one")
        }
        try ArchiveWriter.pack(folder, to: output)
        let size = try FileManager.default.attributesOfItem(atPath: output.path)[.size] as? Int
        return Outcome(files: manifest.files.count + 1, size: size ?? 0, remarks: remarks)
    }

    // MARK: Parts

    private func addSweep(
        _ record: SweepRecord, to folder: URL, _ remarks: inout [String]
    ) throws {
        try record.sourceText.put(folder, BundleManifest.sweepFile)
        guard let file else { return }
        let manifest = BundleManifest(
            record, trials: [], study: try store.catalogue.study(of: record), program: program)
        let session = try SweepSession(
            path: file, overrides: manifest.overrides, catalogue: store.catalogue,
            name: manifest.sweep, maximumSeeds: manifest.mostSeeds)
        let stored = Set(try store.store.trials(of: sweep).map(\.digest))
        guard manifest.isTuned || stored == Set(session.stages.trials.map(\.id)) else {
            throw BundleError.otherSweep(file: file, sweep: record.name)
        }
        let beside = URL(fileURLWithPath: file).deletingLastPathComponent()
        let unlisted = Self.programs(of: session, beside: beside)
        var taken = Set(unlisted)
        for name in session.prepared.companions + unlisted {
            guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                taken.remove(name)
                remarks.append(
                    "\(name) is left out, since the sweep file does not name it by a path below its own folder: nobody "
                        + "can run it from here")
                continue
            }
            let target = folder.appending(path: "sweep").appending(path: name)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: beside.appending(path: name).resolvingSymlinksInPath(), to: target)
        }
        if !taken.isEmpty {
            remarks.append(
                "\(taken.sorted().joined(separator: ", ")): as \(Count.word(taken.count, "it is", "they are")) now, and "
                    + "maybe not when the trials ran, since the sweep file does not list "
                    + "\(Count.word(taken.count, "it", "them")) under 'inputs'")
        }
    }

    /// Files that the sweep's commands name and its inputs do not, as its folder calls them.
    private static func programs(of session: SweepSession, beside folder: URL) -> [String] {
        var known = Set(session.prepared.companions)
        let top = folder.standardizedFileURL.path + "/"
        return session.study.commandLines.flatMap { $0.split(separator: " ").map(String.init) }
            .filter { word in
                // What a system has is there for a stranger too.
                let place = URL(fileURLWithPath: word, relativeTo: folder).standardizedFileURL
                let values = try? place.resolvingSymlinksInPath()
                    .resourceValues(forKeys: [.isRegularFileKey])
                return values?.isRegularFile == true
                    && (!word.hasPrefix("/") || place.path.hasPrefix(top))
            }
            .map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
            .filter { known.insert($0).inserted }
    }

    /// Licences, and recordings where they are asked for.
    private func addData(
        _ record: SweepRecord, to folder: URL, _ manifest: inout BundleManifest
    ) throws {
        let data = BundledData(manifest.data.settings)
        manifest.data.licences = try data?.copyLicences(to: folder) ?? []
        guard hasRecordings else { return }
        guard let data else { throw BundleError.noRecordings(sweep: record.name) }
        manifest.data.recordings = try data.copyRecordings(to: folder)
    }

    /// Tables and report as a run leaves them.
    private func addReport(
        to workplace: URL, _ folder: URL, _ remarks: inout [String]
    ) throws {
        let scratch = ResultsLayout(
            root: workplace.appending(path: "tables").path, database: layout.database.path)
        try scratch.createFolders()
        let shown = try StudyRun.writeTables(of: sweep, scratch, store).name
        let outcome = try SweepReport.write(sweep, from: store, to: scratch)
        remarks += outcome.undrawn.map { "the figure '\($0.figure)' is left out: \($0.reason)" }
        let made = scratch.folder(ofSweep: shown)
        for name in try FileManager.default.contentsOfDirectory(atPath: made.path)
        where !name.hasPrefix(".") {
            try FileManager.default.moveItem(
                at: made.appending(path: name), to: folder.appending(path: name))
        }
    }

    private func addLogs(of state: ExportedSweep, to folder: URL) throws {
        var seen: Set<Digest> = []
        for stage in state.trials.flatMap(\.stages) where seen.insert(stage.outline.digest).inserted
        {
            let log = try store.store.log(of: stage.outline.digest)
            guard !log.isEmpty else { continue }
            try log.put(folder, "logs/\(stage.outline.kind)-\(stage.outline.digest).txt")
        }
    }

    /// Returns the names of the files.
    private func addModels(of state: ExportedSweep, to folder: URL) throws -> [String] {
        guard !models.isEmpty else { return [] }
        guard let study = state.study as? any StudyWithModels else {
            throw BundleError.noModels(sweep: state.name)
        }
        let place = folder.appending(path: "encoders")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        return try models.map { row in
            let number = try store.trials(ofRow: row, of: sweep).first.map { $0.row + 1 } ?? 0
            return try study.writeModel(
                ofRow: row, of: sweep, in: store, layout, to: place,
                name: "\(number) \(ExportFolder.name(row))")
        }
    }
}

extension String {
    /// Writes a file of a folder, with the folders that its name has.
    fileprivate func put(_ folder: URL, _ name: String) throws {
        try WholeFile.write(self, to: folder.appending(path: name))
    }
}
