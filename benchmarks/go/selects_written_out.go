package main

import "time"

// Go's select has its cases in the source: here they are, for each number of channels that is measured.

func receiveAny2(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	}
}

func receiveAnyInTime2(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	case <-time.After(long):
		panic("an hour has passed")
	}
}

func tryReceiveAny2(c []chan int) bool {
	select {
	case <-c[0]:
	case <-c[1]:
	default:
		return false
	}
	return true
}

func sendAny2(c []chan int, v int) {
	select {
	case c[0] <- v:
	case c[1] <- v:
	}
}

func receiveAny5(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	case v := <-c[2]:
		return v
	case v := <-c[3]:
		return v
	case v := <-c[4]:
		return v
	}
}

func receiveAnyInTime5(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	case v := <-c[2]:
		return v
	case v := <-c[3]:
		return v
	case v := <-c[4]:
		return v
	case <-time.After(long):
		panic("an hour has passed")
	}
}

func tryReceiveAny5(c []chan int) bool {
	select {
	case <-c[0]:
	case <-c[1]:
	case <-c[2]:
	case <-c[3]:
	case <-c[4]:
	default:
		return false
	}
	return true
}

func sendAny5(c []chan int, v int) {
	select {
	case c[0] <- v:
	case c[1] <- v:
	case c[2] <- v:
	case c[3] <- v:
	case c[4] <- v:
	}
}

func receiveAny50(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	case v := <-c[2]:
		return v
	case v := <-c[3]:
		return v
	case v := <-c[4]:
		return v
	case v := <-c[5]:
		return v
	case v := <-c[6]:
		return v
	case v := <-c[7]:
		return v
	case v := <-c[8]:
		return v
	case v := <-c[9]:
		return v
	case v := <-c[10]:
		return v
	case v := <-c[11]:
		return v
	case v := <-c[12]:
		return v
	case v := <-c[13]:
		return v
	case v := <-c[14]:
		return v
	case v := <-c[15]:
		return v
	case v := <-c[16]:
		return v
	case v := <-c[17]:
		return v
	case v := <-c[18]:
		return v
	case v := <-c[19]:
		return v
	case v := <-c[20]:
		return v
	case v := <-c[21]:
		return v
	case v := <-c[22]:
		return v
	case v := <-c[23]:
		return v
	case v := <-c[24]:
		return v
	case v := <-c[25]:
		return v
	case v := <-c[26]:
		return v
	case v := <-c[27]:
		return v
	case v := <-c[28]:
		return v
	case v := <-c[29]:
		return v
	case v := <-c[30]:
		return v
	case v := <-c[31]:
		return v
	case v := <-c[32]:
		return v
	case v := <-c[33]:
		return v
	case v := <-c[34]:
		return v
	case v := <-c[35]:
		return v
	case v := <-c[36]:
		return v
	case v := <-c[37]:
		return v
	case v := <-c[38]:
		return v
	case v := <-c[39]:
		return v
	case v := <-c[40]:
		return v
	case v := <-c[41]:
		return v
	case v := <-c[42]:
		return v
	case v := <-c[43]:
		return v
	case v := <-c[44]:
		return v
	case v := <-c[45]:
		return v
	case v := <-c[46]:
		return v
	case v := <-c[47]:
		return v
	case v := <-c[48]:
		return v
	case v := <-c[49]:
		return v
	}
}

func receiveAnyInTime50(c []chan int) int {
	select {
	case v := <-c[0]:
		return v
	case v := <-c[1]:
		return v
	case v := <-c[2]:
		return v
	case v := <-c[3]:
		return v
	case v := <-c[4]:
		return v
	case v := <-c[5]:
		return v
	case v := <-c[6]:
		return v
	case v := <-c[7]:
		return v
	case v := <-c[8]:
		return v
	case v := <-c[9]:
		return v
	case v := <-c[10]:
		return v
	case v := <-c[11]:
		return v
	case v := <-c[12]:
		return v
	case v := <-c[13]:
		return v
	case v := <-c[14]:
		return v
	case v := <-c[15]:
		return v
	case v := <-c[16]:
		return v
	case v := <-c[17]:
		return v
	case v := <-c[18]:
		return v
	case v := <-c[19]:
		return v
	case v := <-c[20]:
		return v
	case v := <-c[21]:
		return v
	case v := <-c[22]:
		return v
	case v := <-c[23]:
		return v
	case v := <-c[24]:
		return v
	case v := <-c[25]:
		return v
	case v := <-c[26]:
		return v
	case v := <-c[27]:
		return v
	case v := <-c[28]:
		return v
	case v := <-c[29]:
		return v
	case v := <-c[30]:
		return v
	case v := <-c[31]:
		return v
	case v := <-c[32]:
		return v
	case v := <-c[33]:
		return v
	case v := <-c[34]:
		return v
	case v := <-c[35]:
		return v
	case v := <-c[36]:
		return v
	case v := <-c[37]:
		return v
	case v := <-c[38]:
		return v
	case v := <-c[39]:
		return v
	case v := <-c[40]:
		return v
	case v := <-c[41]:
		return v
	case v := <-c[42]:
		return v
	case v := <-c[43]:
		return v
	case v := <-c[44]:
		return v
	case v := <-c[45]:
		return v
	case v := <-c[46]:
		return v
	case v := <-c[47]:
		return v
	case v := <-c[48]:
		return v
	case v := <-c[49]:
		return v
	case <-time.After(long):
		panic("an hour has passed")
	}
}

func tryReceiveAny50(c []chan int) bool {
	select {
	case <-c[0]:
	case <-c[1]:
	case <-c[2]:
	case <-c[3]:
	case <-c[4]:
	case <-c[5]:
	case <-c[6]:
	case <-c[7]:
	case <-c[8]:
	case <-c[9]:
	case <-c[10]:
	case <-c[11]:
	case <-c[12]:
	case <-c[13]:
	case <-c[14]:
	case <-c[15]:
	case <-c[16]:
	case <-c[17]:
	case <-c[18]:
	case <-c[19]:
	case <-c[20]:
	case <-c[21]:
	case <-c[22]:
	case <-c[23]:
	case <-c[24]:
	case <-c[25]:
	case <-c[26]:
	case <-c[27]:
	case <-c[28]:
	case <-c[29]:
	case <-c[30]:
	case <-c[31]:
	case <-c[32]:
	case <-c[33]:
	case <-c[34]:
	case <-c[35]:
	case <-c[36]:
	case <-c[37]:
	case <-c[38]:
	case <-c[39]:
	case <-c[40]:
	case <-c[41]:
	case <-c[42]:
	case <-c[43]:
	case <-c[44]:
	case <-c[45]:
	case <-c[46]:
	case <-c[47]:
	case <-c[48]:
	case <-c[49]:
	default:
		return false
	}
	return true
}

func sendAny50(c []chan int, v int) {
	select {
	case c[0] <- v:
	case c[1] <- v:
	case c[2] <- v:
	case c[3] <- v:
	case c[4] <- v:
	case c[5] <- v:
	case c[6] <- v:
	case c[7] <- v:
	case c[8] <- v:
	case c[9] <- v:
	case c[10] <- v:
	case c[11] <- v:
	case c[12] <- v:
	case c[13] <- v:
	case c[14] <- v:
	case c[15] <- v:
	case c[16] <- v:
	case c[17] <- v:
	case c[18] <- v:
	case c[19] <- v:
	case c[20] <- v:
	case c[21] <- v:
	case c[22] <- v:
	case c[23] <- v:
	case c[24] <- v:
	case c[25] <- v:
	case c[26] <- v:
	case c[27] <- v:
	case c[28] <- v:
	case c[29] <- v:
	case c[30] <- v:
	case c[31] <- v:
	case c[32] <- v:
	case c[33] <- v:
	case c[34] <- v:
	case c[35] <- v:
	case c[36] <- v:
	case c[37] <- v:
	case c[38] <- v:
	case c[39] <- v:
	case c[40] <- v:
	case c[41] <- v:
	case c[42] <- v:
	case c[43] <- v:
	case c[44] <- v:
	case c[45] <- v:
	case c[46] <- v:
	case c[47] <- v:
	case c[48] <- v:
	case c[49] <- v:
	}
}
