(ns dev.runnel.benchmarks.core-async
  "The workloads with core.async's go blocks; see the Java interface Subject for what each of them does."
  (:require [clojure.core.async :as async :refer [<! <!! >! alts! chan close! go go-loop offer! poll! put!
                                                 timeout]])
  (:import (dev.runnel.benchmarks Elements Work)
           (java.util.concurrent CountDownLatch)))

;; Calls of Java are in functions of their own: a go block forgets what types things have, and would look methods up.

(defn- element [i]
  (Elements/get (int i)))

(defn- worked [^Work work element]
  (.on work (int element)))

(defn- count-down [^CountDownLatch latch]
  (.countDown latch))

(defn- channel [capacity]
  (if (zero? capacity) (chan) (chan capacity)))

(defn- send-all [ch elements]
  (go-loop [i 0]
    (when (< i elements)
      (>! ch (element i))
      (recur (inc i)))))

(defn- receive-all [ch elements]
  (go-loop [i 0 sum 0]
    (if (< i elements)
      (recur (inc i) (+ sum (<! ch)))
      sum)))

(defn- forward-all [from to elements]
  (go-loop [i 0]
    (when (< i elements)
      (>! to (<! from))
      (recur (inc i)))))

(defn- total [ends]
  (reduce + (map <!! ends)))

(defn transfer [producers consumers capacity elements]
  (let [ch (channel capacity)]
    (dotimes [_ producers] (send-all ch (quot elements producers)))
    (total (doall (repeatedly consumers #(receive-all ch (quot elements consumers)))))))

(defn- work-on-all [ch work elements]
  (go-loop [i 0 sum 0]
    (if (< i elements)
      (recur (inc i) (+ sum (worked work (<! ch))))
      sum)))

(defn work [pairs capacity work elements]
  (let [ch (channel capacity)]
    (dotimes [_ pairs] (send-all ch (quot elements pairs)))
    (total (doall (repeatedly pairs #(work-on-all ch work (quot elements pairs)))))))

(defn ping-pong [elements]
  (let [there (chan) back (chan)]
    (forward-all there back elements)
    (<!! (go-loop [i 0 sum 0]
           (if (< i elements)
             (do (>! there (element i))
                 (recur (inc i) (+ sum (<! back))))
             sum)))))

(defn fill-and-drain [capacity elements]
  (let [ch (chan capacity)]
    (<!! (go-loop [start 0 sum 0]
           (if (< start elements)
             (let [end (+ start capacity)]
               (loop [i start]
                 (when (< i end)
                   (>! ch (element i))
                   (recur (inc i))))
               (recur end
                      (loop [i 0 part sum]
                        (if (< i capacity)
                          (recur (inc i) (+ part (<! ch)))
                          part))))
             sum)))))

(defn pipeline [stages elements]
  (let [channels (vec (repeatedly stages chan))]
    (send-all (first channels) elements)
    (doseq [[from to] (partition 2 1 channels)] (forward-all from to elements))
    (<!! (receive-all (peek channels) elements))))

(defn- sieve-filter [in sum-before result]
  (go
    (if-some [prime (<! in)]
      (let [out (chan)]
        (sieve-filter out (+ sum-before prime) result)
        (loop []
          (when-some [number (<! in)]
            (when-not (zero? (rem number prime)) (>! out number))
            (recur)))
        (close! out))
      (>! result sum-before))))

(defn sieve [limit]
  (let [numbers (chan) result (chan)]
    (go-loop [i 2]
      (if (< i limit)
        (do (>! numbers i) (recur (inc i)))
        (close! numbers)))
    (sieve-filter numbers 0 result)
    (<!! result)))

(defn workers [workers elements]
  (let [jobs (chan 10) results (chan 10)]
    (send-all jobs elements)
    (dotimes [_ workers] (forward-all jobs results (quot elements workers)))
    (<!! (receive-all results elements))))

(defn- producers [channels elements]
  (vec (repeatedly channels #(let [ch (chan)] (send-all ch (quot elements channels)) ch))))

(defn select [channels elements]
  (let [all (producers channels elements)]
    (<!! (go-loop [i 0 sum 0]
           (if (< i elements)
             (let [[received] (alts! all)] (recur (inc i) (+ sum received)))
             sum)))))

(defn select-timeout [channels elements]
  (let [all (producers channels elements)]
    (<!! (go-loop [i 0 sum 0]
           (if (< i elements)
             (let [[received] (alts! (conj all (timeout 3600000)))] (recur (inc i) (+ sum received)))
             sum)))))

(defn select-ready [channels elements]
  (let [all (vec (repeatedly channels #(chan 1)))]
    (<!! (go-loop [i 0 sum 0]
           (if (< i elements)
             (do (>! (nth all (rem i channels)) (element i))
                 (let [[received] (alts! all)] (recur (inc i) (+ sum received))))
             sum)))))

(defn select-otherwise [channels turns]
  (let [all (vec (repeatedly channels chan))]
    (<!! (go-loop [i 0 none 0]
           (if (< i turns)
             (let [[_ chosen] (alts! all :default nil)]
               (recur (inc i) (if (= chosen :default) (inc none) none)))
             none)))))

(defn select-send [channels elements]
  (let [all (vec (repeatedly channels chan))
        ends (mapv (fn [ch]
                     (go-loop [sum 0]
                       (if-some [received (<! ch)] (recur (+ sum received)) sum)))
                   all)]
    (go-loop [i 0]
      (if (< i elements)
        (let [sent (element i)]
          (alts! (mapv #(vector % sent) all))
          (recur (inc i)))
        (run! close! all)))
    (total ends)))

(defn select-both [pairs elements]
  (let [ch (chan)
        done (chan)
        each (quot elements pairs)]
    (dotimes [_ pairs]
      (go-loop [i 0]
        (when (< i each)
          (alts! [[ch (element i)] done])
          (recur (inc i)))))
    (total (mapv (fn [_]
                   (go-loop [i 0 sum 0]
                     (if (< i each)
                       (let [[received] (alts! [ch done])] (recur (inc i) (+ sum received)))
                       sum)))
                 (range pairs)))))

(defn try-failing [capacity tries]
  (let [full (channel capacity) empty-ch (channel capacity)]
    (dotimes [i capacity] (offer! full (element i)))
    (<!! (go-loop [i 0 failed 0]
           (if (< i tries)
             (recur (+ i 2)
                    (+ failed
                       (if (offer! full (element i)) 0 1)
                       (if (nil? (poll! empty-ch)) 1 0)))
             failed)))))

(defn start [goroutines]
  (let [started (CountDownLatch. (int goroutines))]
    (dotimes [_ goroutines] (go (count-down started)))
    (.await started)
    goroutines))

;; The patterns; see the Java interface Patterns for what each of them does.

(defn- fill [ch elements]
  (go-loop [i 0]
    (if (< i elements)
      (do (>! ch (element i)) (recur (inc i)))
      (close! ch)))
  ch)

(defn- sum-all [ch]
  (go-loop [sum 0]
    (if-some [received (<! ch)] (recur (+ sum received)) sum)))

(defn merge-inputs [inputs elements]
  (<!! (sum-all (async/merge (repeatedly inputs #(fill (chan) (quot elements inputs)))))))

(defn map-unordered [workers elements]
  (let [in (fill (chan) elements)
        out (chan)
        worker #(go-loop []
                  (when-some [received (<! in)]
                    (>! out (identity received))
                    (recur)))
        ends (async/merge (doall (repeatedly workers worker)))
        sum (sum-all out)]
    (<!! ends) ; closed when all workers have ended
    (close! out)
    (<!! sum)))

(defn map-ordered [workers elements]
  (let [out (chan)]
    (async/pipeline-async workers
                          out
                          (fn [received result] (put! result (identity received)) (close! result))
                          (fill (chan) elements))
    (<!! (sum-all out))))

(defn broadcast [readers elements]
  (let [each (quot elements readers)
        source (chan)
        shared (async/mult source)
        sums (doall (repeatedly readers #(sum-all (async/tap shared (chan each)))))]
    (fill source each)
    (total sums)))
