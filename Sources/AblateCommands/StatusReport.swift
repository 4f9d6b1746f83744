import Cluster
import Foundation
import Studies

/// Where sweeps stand, for programs: `status --format json`.
struct StatusReport: Encodable {
    /// A sweep's status, with what is known of it beside: one object.
    struct Sweep: Encodable {
        var status: SweepStatus
        /// What was handed to a batch system; none for what runs here.
        var submissions: [SubmissionStatus]
        /// Why the queue cannot be asked: what runs there is not known then.
        var queueFault: String?
        var provenance: SweepProvenance

        private enum CodingKeys: CodingKey {
            case submissions
            case queueFault
            case provenance
        }

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(submissions, forKey: .submissions)
            try container.encodeIfPresent(queueFault, forKey: .queueFault)
            try container.encode(provenance, forKey: .provenance)
        }
    }

    var sweeps: [Sweep]

    init(_ names: [String], from store: StudyStore, _ cluster: ClusterStatus) throws {
        sweeps = try names.map { name in
            let submissions = cluster.submissions(of: name)
            return Sweep(
                status: try SweepStatus(name, from: store), submissions: submissions,
                queueFault: submissions.isEmpty ? nil : cluster.fault,
                provenance: try SweepProvenance(name, from: store.store))
        }
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }
}
