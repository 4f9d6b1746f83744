/// Sizes of a ``CRNN``. The defaults are the reference model's.
public struct CRNNConfiguration: Sendable, Codable, Hashable {
    public var inputChannels: Int
    public var frames: Int
    public var bins: Int
    /// Output channels of each convolution block.
    public var channels: [Int]
    /// Odd; the maps keep their size.
    public var kernelSize: Int
    /// Max-pooling of each block: [frames, bins].
    public var pools: [[Int]]
    /// Units of each direction of the recurrent layer.
    public var recurrentUnits: Int

    public init(
        inputChannels: Int, frames: Int = 64, bins: Int = 64, channels: [Int] = [64, 64, 64],
        kernelSize: Int = 3, pools: [[Int]] = [[2, 4], [2, 4], [2, 2]], recurrentUnits: Int = 128
    ) {
        self.inputChannels = inputChannels
        self.frames = frames
        self.bins = bins
        self.channels = channels
        self.kernelSize = kernelSize
        self.pools = pools
        self.recurrentUnits = recurrentUnits
    }

    /// Numbers of an embedding.
    public var embeddingSize: Int { 2 * recurrentUnits }

    /// Frames and bins that are left after all blocks.
    public var pooledSize: (frames: Int, bins: Int) {
        pools.reduce((frames, bins)) { ($0.0 / $1[0], $0.1 / $1[1]) }
    }

    /// Throws: ``NeuralNetworkError`` for the first size that cannot be.
    public func validate() throws {
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw NeuralNetworkError.badSize(name: name, value: value, range: range)
            }
        }
        try check("inputChannels", inputChannels, 1...1024)
        try check("frames", frames, 1...65536)
        try check("bins", bins, 1...65536)
        try check("number of convolution blocks", channels.count, 1...16)
        for (index, count) in channels.enumerated() {
            try check("channels[\(index)]", count, 1...4096)
        }
        try check("recurrentUnits", recurrentUnits, 1...4096)
        try check("kernelSize", kernelSize, 1...7)
        guard kernelSize % 2 == 1 else { throw NeuralNetworkError.evenKernel(kernelSize) }
        guard pools.count == channels.count else {
            throw NeuralNetworkError.poolCount(pools: pools.count, blocks: channels.count)
        }
        var (height, width) = (frames, bins)
        for (block, pool) in pools.enumerated() {
            guard
                pool.count == 2, pool.allSatisfy({ (1...256).contains($0) }),
                pool[0] * pool[1] <= 256
            else { throw NeuralNetworkError.badPool(block: block, pool: pool) }
            guard height >= pool[0], width >= pool[1] else {
                throw NeuralNetworkError.mapVanishes(
                    block: block, frames: height, bins: width, pool: pool)
            }
            (height, width) = (height / pool[0], width / pool[1])
        }
    }
}
