import { chatRooms } from './chat-rooms';

export const { worker } = chatRooms();
