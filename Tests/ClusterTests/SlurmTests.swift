import Cluster
import Foundation
import Studies
import Sweeps
import Testing

@Suite("Slurm")
struct SlurmTests {
    @Test("a line of the queue says job, task, state, node and reason")
    func queue() throws {
        let running = try #require(
            QueuedTask("12|3|quickstart-1-chains-0-ab12cd|RUNNING|1:02|n1|None"))
        #expect(running.id == "12_3")
        #expect(running.isRunning && running.node == "n1" && running.time == "1:02")
        let collector = try #require(
            QueuedTask("14|N/A|x-1-collect-ab12cd|PENDING|0:00||Dependency"))
        #expect(collector.id == "14" && collector.index == nil && !collector.isRunning)
        #expect(!collector.isHeld)
        #expect(QueuedTask("15|1|x|PENDING|0:00||JobHeldUser")?.isHeld == true)
        #expect(QueuedTask("slurm_load_jobs error: Unable to contact slurm controller") == nil)
    }

    @Test("a time limit is whole minutes; the warning leaves time to save and to work")
    func times() {
        #expect(SlurmScript.time(1) == "00:01:00")
        #expect(SlurmScript.time(61) == "00:02:00")
        #expect(SlurmScript.time(4 * 3600) == "04:00:00")
        #expect(SlurmScript.time(2 * 86_400 + 3600) == "2-01:00:00")
        #expect(SlurmScript.warning(before: 60) == 6)
        #expect(SlurmScript.warning(before: 4 * 3600) == 60)
        #expect(SlurmScript.warning(before: nil) == 60)
    }

    @Test("a script has its options once, those of the user last, and becomes the program")
    func script() {
        var cluster = ClusterSection()
        cluster.time = 3600
        cluster.slurm = ["partition": "cpu", "time": "02:00:00", "exclusive": ""]
        let demand = JobDemand(
            cluster, TaskDemand(cpus: 2, gpus: 1), memory: 1000 << 20, seconds: nil, stages: 3)
        let script = SlurmScript(
            name: "x-1-chains-0", demand: demand, array: (12, 4), logs: "/r/a b/logs",
            folder: "/home/u", setup: ["module load x"],
            command: ["/r/a b/ablate", "stage", "/r/x-1", "--task"], firstTask: 11)
        #expect(
            script.text == """
                #!/bin/sh
                #SBATCH --job-name=x-1-chains-0
                #SBATCH --array=0-11%4
                #SBATCH --output="/r/a b/logs/%x-%a.txt"
                #SBATCH --open-mode=append
                #SBATCH --chdir=/home/u
                #SBATCH --requeue
                #SBATCH --cpus-per-task=2
                #SBATCH --mem=1762M
                #SBATCH --gres=gpu:1
                #SBATCH --signal=B:USR1@60
                #SBATCH --exclusive
                #SBATCH --partition=cpu
                #SBATCH --time=02:00:00
                module load x
                exec '/r/a b/ablate' stage /r/x-1 --task $((SLURM_ARRAY_TASK_ID + 11))

                """)
    }

    @Test(
        "what is no plain word is in quotes, as sbatch reads them",
        arguments: [
            ("/home/ü/x_1-2.txt", "/home/ü/x_1-2.txt"), ("gpu:2,lscratch:10", "gpu:2,lscratch:10"),
            ("a b", "\"a b\""), ("a\tb#1", "\"a\tb#1\""), (#"a"b\c"#, #""a\"b\\c""#),
            ("it's", "\"it's\""),
        ])
    func quotes(value: String, written: String) {
        #expect(SlurmScript.line("comment", value) == "#SBATCH --comment=" + written)
        #expect(SlurmScript.line("exclusive", "") == "#SBATCH --exclusive")
    }

    @Test(
        "a folder in whose path Slurm would put something else is refused before anything is written"
    )
    func folders() throws {
        try Submitter(ResultsLayout(root: "/data/a b/#1 'x' \"y\"")).checkFolder()
        for (path, character) in [
            ("/data/50%j", "'%'"), (#"/data/a\b"#, #"'\'"#), ("/a\nb", "line break"),
        ] {
            #expect(throws: ClusterError.unusableFolder(path: path, character: character)) {
                try Submitter(ResultsLayout(root: path)).checkFolder()
            }
        }
    }
}
