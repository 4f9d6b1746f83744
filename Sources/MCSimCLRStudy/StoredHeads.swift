public import MCSimCLR
public import ResultsStore

/// The heads that the linear probes of an encoder left in a store.
public enum StoredHeads {
    /// Those of a probe of whole recordings, else of one that judged patches.
    ///
    /// Throws: ``BuiltinStudyError/noHeads(database:isOfOtherEncoder:)``, or `StoreError`.
    public static func find(
        _ checkpoint: EncoderCheckpoint, in store: ResultsStore
    ) throws -> ProbeHeads {
        var found: [ProbeHeads] = []
        if let stage = checkpoint.stage {
            let probes = try store.finishedStages(of: StageKind.probe.rawValue, needing: stage)
            found = try probes.compactMap { probe in
                try store.stage(probe).details[ProbeHeads.detail].flatMap(
                    ProbeHeads.init(decoding:))
            }
        }
        let identity = try checkpoint.identity()
        let own = found.filter { $0.encoder == identity }
        guard let heads = own.first(where: { $0.unit == .recording }) ?? own.first else {
            throw BuiltinStudyError.noHeads(database: store.path, isOfOtherEncoder: !found.isEmpty)
        }
        return heads
    }
}
