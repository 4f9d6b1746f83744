import MCSimCLRStudy
import Studies
import Testing

@Suite("File systems that several machines share")
struct SharedFolderTests {
    private let mounts = """
        22 1 252:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        30 22 0:26 / /home rw shared:2 master:1 - nfs4 server:/home rw,vers=4.2
        31 30 0:27 / /home/me/local\\040disk rw - xfs /dev/vdb rw
        32 22 0:28 / /scratch rw - lustre mds@tcp:/scratch rw
        33 22 0:29 / /scratch2 rw - tmpfs tmpfs rw
        """

    @Test(
        "the longest mount point above a path decides",
        arguments: [
            ("/home/me/results", "nfs4"), ("/home", "nfs4"), ("/homework", "ext4"),
            ("/home/me/local disk/results", "xfs"), ("/scratch/a", "lustre"),
            ("/scratch2/a", "tmpfs"), ("/", "ext4"),
        ])
    func fileSystem(path: String, kind: String) {
        #expect(SharedFolder.fileSystem(of: path, mounts: mounts) == kind)
    }

    @Test("network file systems are known, disks and memory are not among them")
    func shared() {
        for kind in ["nfs", "nfs4", "cifs", "lustre", "gpfs"] {
            #expect(SharedFolder.isShared(kind))
        }
        for kind in ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs"] {
            #expect(!SharedFolder.isShared(kind))
        }
    }
}
