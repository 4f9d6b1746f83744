import Platform

/// What keeps a submission, a task or a collection from its work: what, the value, what to do.
public enum ClusterError: Error, Equatable, CustomStringConvertible {
    case noSlurm(program: String)
    case slurmFailed(program: String, message: String)
    case wouldRefuse(reason: String)
    case unreadableAnswer(program: String, line: String)
    case badOption(name: String, value: String)
    case noSubmission(path: String)
    case unreadableSubmission(path: String)
    case noTask(Int, count: Int, submission: String)
    case otherPlan(stage: String, submission: String)
    case nothingSubmitted(sweep: String)
    case collecting(host: String)
    case tooManyArrays(Int, limit: Int)
    case unusableFolder(path: String, character: String)

    public var description: String {
        switch self {
        case .noSlurm(let program):
            "there is no '\(program)' on the PATH: run it where Slurm's commands are, or add --by-hand and "
                + "start the tasks yourself"
        case .slurmFailed(let program, let message):
            "\(program) refused: \(message.isEmpty ? "it gave no reason" : message)"
        case .wouldRefuse(let reason):
            "Slurm would take no job with these options ('sbatch --test-only': "
                + "\(reason.isEmpty ? "it gave no reason" : reason)); nothing was submitted"
        case .unreadableAnswer(let program, let line):
            "\(program) answered '\(line)', which is not understood; this version of Slurm may be another "
                + "than those that were tried (22.05)"
        case .badOption(let name, let value):
            "--slurm is '\(name)=\(value)', but must be an option of sbatch and its value, such as "
                + "partition=cpu"
        case .noSubmission(let path):
            "\(path) is no folder of a submission; name one of results/exchange/submissions"
        case .unreadableSubmission(let path):
            "\(path) cannot be read: it was written by another version, or is damaged; submit the sweep "
                + "again"
        case .noTask(let number, let count, let submission):
            "\(submission) has no task \(number); its tasks are 0 to \(count - 1)"
        case .otherPlan(let stage, let submission):
            "stage \(stage) of \(submission) is no part of the sweep any more: its data, its inputs or the "
                + "program have changed since; submit the sweep again"
        case .nothingSubmitted(let sweep):
            "nothing of \(sweep) was submitted; start with '\(ProgramName.current) submit SWEEP'"
        case .collecting(let host):
            "results are being collected on \(host) at this moment; wait for it, or look with "
                + "'\(ProgramName.current) status'"
        case .tooManyArrays(let count, let limit):
            "the sweep takes \(count) tasks in arrays of \(limit) at most: too many; raise task_time in the "
                + "section cluster"
        case .unusableFolder(let path, let character):
            "the path '\(path)' has a \(character) in it, of which Slurm makes something else in the names of "
                + "logs: choose another folder with --results, or add --by-hand"
        }
    }
}
