import Cluster

/// What a batch system has of a sweep.
struct QueueAnswer: Encodable {
    var submissions: [SubmissionStatus]
    /// Why the queue cannot be asked.
    var fault: String?

    init(_ sweep: String, _ cluster: ClusterStatus) {
        submissions = cluster.submissions(of: sweep)
        fault = submissions.isEmpty ? nil : cluster.fault
    }
}
