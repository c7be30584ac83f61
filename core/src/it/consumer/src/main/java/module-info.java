/** A program that uses Runnel as a module. */
module consumer {
    requires dev.runnel;
}
