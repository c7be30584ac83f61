package dev.runnel.benchmarks

import dev.runnel.benchmarks.Subject.Parked
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select

internal fun <T> coroutines(block: suspend CoroutineScope.() -> T): T = runBlocking(Dispatchers.Default, block)

/** kotlinx.coroutines: coroutines on its own dispatcher. Its select prefers the first clause that is ready. */
internal class KotlinSubject : Subject {

    override fun transfer(producers: Int, consumers: Int, capacity: Int, elements: Int): Long = coroutines {
        val channel = Channel<Int>(capacity)
        repeat(producers) { launch { send(channel, elements / producers) } }
        List(consumers) { async { receive(channel, elements / consumers) } }.awaitAll().sum()
    }

    override fun work(pairs: Int, capacity: Int, work: Work, elements: Int): Long = coroutines {
        val channel = Channel<Int>(capacity)
        repeat(pairs) { launch { send(channel, elements / pairs) } }
        List(pairs) {
            async {
                var sum = 0L
                repeat(elements / pairs) { sum += work.on(channel.receive()) }
                sum
            }
        }.awaitAll().sum()
    }

    override fun pingPong(elements: Int): Long = coroutines {
        val there = Channel<Int>()
        val back = Channel<Int>()
        launch { forward(there, back, elements) }
        var sum = 0L
        for (i in 0 until elements) {
            there.send(Elements.get(i))
            sum += back.receive()
        }
        sum
    }

    override fun fillAndDrain(capacity: Int, elements: Int): Long = coroutines {
        val channel = Channel<Int>(capacity)
        var sum = 0L
        for (start in 0 until elements step capacity) {
            for (i in start until start + capacity) channel.send(Elements.get(i))
            sum += receive(channel, capacity)
        }
        sum
    }

    override fun pipeline(stages: Int, elements: Int): Long = coroutines {
        val first = Channel<Int>()
        launch { send(first, elements) }
        var last = first
        repeat(stages - 1) {
            val from = last
            val to = Channel<Int>()
            launch { forward(from, to, elements) }
            last = to
        }
        receive(last, elements)
    }

    override fun sieve(limit: Int): Long = coroutines {
        val numbers = Channel<Int>()
        launch {
            for (i in 2 until limit) numbers.send(i)
            numbers.close()
        }
        val result = CompletableDeferred<Long>()
        launch { filter(numbers, 0, result) }
        result.await()
    }

    private suspend fun CoroutineScope.filter(
        numbers: ReceiveChannel<Int>,
        sumBefore: Long,
        result: CompletableDeferred<Long>,
    ) {
        val prime = numbers.receiveCatching().getOrNull()
        if (prime == null) {
            result.complete(sumBefore)
            return
        }
        val rest = Channel<Int>()
        launch { filter(rest, sumBefore + prime, result) }
        for (number in numbers) {
            if (number % prime != 0) rest.send(number)
        }
        rest.close()
    }

    override fun workers(workers: Int, elements: Int): Long = coroutines {
        val jobs = Channel<Int>(10)
        val results = Channel<Int>(10)
        launch { send(jobs, elements) }
        repeat(workers) { launch { forward(jobs, results, elements / workers) } }
        receive(results, elements)
    }

    override fun select(channels: Int, elements: Int): Long = coroutines {
        val all = List(channels) { producer(elements / channels) }
        var sum = 0L
        repeat(elements) { sum += receiveAny(all) }
        sum
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    override fun selectTimeout(channels: Int, elements: Int): Long = coroutines {
        val all = List(channels) { producer(elements / channels) }
        var sum = 0L
        repeat(elements) {
            sum += select<Int> {
                for (channel in all) channel.onReceive { it }
                onTimeout(HOUR) { error("an hour has passed") }
            }
        }
        sum
    }

    override fun selectReady(channels: Int, elements: Int): Long = coroutines {
        val all = List(channels) { Channel<Int>(1) }
        var sum = 0L
        for (i in 0 until elements) {
            all[i % channels].send(Elements.get(i))
            sum += receiveAny(all)
        }
        sum
    }

    override fun selectSend(channels: Int, elements: Int): Long = coroutines {
        val all = List(channels) { Channel<Int>() }
        val sums = all.map { channel ->
            async {
                var sum = 0L
                for (element in channel) sum += element
                sum
            }
        }
        for (i in 0 until elements) {
            select<Unit> {
                for (channel in all) channel.onSend(Elements.get(i)) {}
            }
        }
        all.forEach { it.close() }
        sums.awaitAll().sum()
    }

    override fun selectBoth(pairs: Int, elements: Int): Long = coroutines {
        val channel = Channel<Int>()
        val done = Channel<Int>()
        repeat(pairs) {
            launch {
                for (i in 0 until elements / pairs) {
                    select<Unit> {
                        channel.onSend(Elements.get(i)) {}
                        done.onReceive {}
                    }
                }
            }
        }
        val ends = listOf(channel, done)
        val sums = List(pairs) {
            async {
                var sum = 0L
                repeat(elements / pairs) { sum += receiveAny(ends) }
                sum
            }
        }
        sums.awaitAll().sum()
    }

    override fun tryFailing(capacity: Int, tries: Int): Long = coroutines {
        val full = Channel<Int>(capacity)
        val empty = Channel<Int>(capacity)
        send(full, capacity)
        var failed = 0L
        for (i in 0 until tries step 2) {
            if (!full.trySend(Elements.get(i)).isSuccess) failed++
            if (!empty.tryReceive().isSuccess) failed++
        }
        failed
    }

    override fun start(goroutines: Int): Long = coroutines {
        List(goroutines) { launch {} }.joinAll()
        goroutines.toLong()
    }

    override fun park(goroutines: Int): Parked {
        val scope = CoroutineScope(Dispatchers.Default)
        val gate = Channel<Int>()
        val missing = AtomicInteger(goroutines)
        val waiting = CompletableDeferred<Unit>()
        val ends: List<Deferred<Int>> = List(goroutines) {
            scope.async {
                if (missing.decrementAndGet() == 0) waiting.complete(Unit)
                if (gate.receiveCatching().isClosed) 1 else 0
            }
        }
        runBlocking { waiting.await() }
        return Parked {
            gate.close()
            runBlocking(Dispatchers.Default) { ends.sumOf { it.await().toLong() } }
        }
    }

    override fun patterns(): Patterns = KotlinPatterns()

    private fun CoroutineScope.producer(elements: Int): ReceiveChannel<Int> {
        val channel = Channel<Int>()
        launch { send(channel, elements) }
        return channel
    }

    private suspend fun receiveAny(channels: List<ReceiveChannel<Int>>): Int = select {
        for (channel in channels) channel.onReceive { it }
    }

    private suspend fun send(channel: SendChannel<Int>, elements: Int) {
        for (i in 0 until elements) channel.send(Elements.get(i))
    }

    private suspend fun receive(channel: ReceiveChannel<Int>, elements: Int): Long {
        var sum = 0L
        repeat(elements) { sum += channel.receive() }
        return sum
    }

    private suspend fun forward(from: ReceiveChannel<Int>, to: SendChannel<Int>, elements: Int) {
        repeat(elements) { to.send(from.receive()) }
    }

    private companion object {
        const val HOUR = 3_600_000L
    }
}
