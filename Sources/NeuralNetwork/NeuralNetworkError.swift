public import Platform

/// What can be wrong with a configuration or a checkpoint.
public enum NeuralNetworkError: Error, Equatable, Sendable {
    case badSize(name: String, value: Int, range: ClosedRange<Int>)
    case evenKernel(Int)
    case poolCount(pools: Int, blocks: Int)
    case badPool(block: Int, pool: [Int])
    case mapVanishes(block: Int, frames: Int, bins: Int, pool: [Int])
    case missingTensor(name: String, path: String)
    case shapeMismatch(name: String, expected: [Int], found: [Int])
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case notACheckpoint(path: String, reason: String)
}

extension NeuralNetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badSize(let name, let value, let range):
            "\(name) is \(value), but must be in \(range.lowerBound)...\(range.upperBound)"
        case .evenKernel(let size):
            "kernel size is \(size), but must be odd: 1, 3, 5 or 7"
        case .poolCount(let pools, let blocks):
            "there are \(pools) pools for \(blocks) convolution blocks: give one pool a block"
        case .badPool(let block, let pool):
            "the pool of block \(block) is \(pool), but must be two numbers from 1 on whose product "
                + "is at most 256: [frames, bins]"
        case .mapVanishes(let block, let frames, let bins, let pool):
            "block \(block) pools a map of \(frames) frames x \(bins) bins by \(pool): nothing is "
                + "left; use smaller pools or larger maps"
        case .missingTensor(let name, let path):
            "\(path) has no tensor \(name): it was written for another network; use a checkpoint of "
                + "this configuration"
        case .shapeMismatch(let name, let expected, let found):
            "tensor \(name) has shape \(found), but this network needs \(expected): use a checkpoint "
                + "of this configuration"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason); check the folder and the space left"
        case .notACheckpoint(let path, let reason):
            "\(path) is no whole safetensors file: \(reason); write it anew"
        }
    }
}

extension NeuralNetworkError: MachineFault {
    public var isMachineFault: Bool {
        if case .unwritable = self { true } else { false }
    }
}
